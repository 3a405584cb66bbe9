public import Values

/// What a template gave over documents or rows.
public struct RenderReport: CommandReport {
  /// What it gave over one of them.
  public struct Result: Sendable {
    /// The document or row, as in `rows.jsonl:3`.
    public var input: String
    /// What came out: JSON, or in mode text a text; nil if it failed.
    public var output: Value?
    /// Why it failed.
    public var error: RunError?

    /// Reports what came out over `input`.
    public init(input: String, output: Value?, error: RunError? = nil) {
      self.input = input
      self.output = output
      self.error = error
    }

    fileprivate var json: Value {
      .object([
        ("input", .string(input)), ("output", output ?? .null), ("error", error?.json ?? .null),
      ])
    }
  }

  /// What came out, in the order of the input.
  public var results: [Result]

  /// Lists `results`.
  public init(_ results: [Result]) {
    self.results = results
  }

  /// Nothing came out.
  public init() {
    self.init([])
  }

  /// The members of the document.
  public var members: [(String, Value)] { [("results", .array(results.map(\.json)))] }
}
