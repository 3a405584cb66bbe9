internal import Text
internal import JSON
public import Liquid
public import Rows
public import Settings
public import Values

/// A template to be rendered outside of a run: over rows of a model, or over documents.
///
/// It sees what templates of a run see, in the same way. Used by one owner at a time.
public final class TemplatePreview {
  /// Why nothing was rendered.
  public enum Failure: Error {
    /// The template failed, at its own place.
    case template(LiquidError)
    /// The row has a value that cannot be written, or the output is not valid JSON.
    case output(String)
  }

  private var renderer: Renderer
  private let mode: TemplateOptions.Mode
  private let scope: RecordScope
  private let run: RunIdentity
  private let scanner = JSONScanner()

  /// Compiles `source`, called `name` in errors, for rows of `shape`, or for documents without one.
  ///
  /// A column that `shape` does not have is an error; a document may have any. `sync` and `model`
  /// are the names that templates see.
  public init(
    source: String,
    name: String,
    mode: TemplateOptions.Mode,
    settings: TemplateSettings,
    shape: Shape?,
    sync: String,
    model: String,
    run: RunIdentity
  ) throws(LiquidError) {
    self.mode = mode
    self.run = run
    let known = shape ?? Shape(dialect: .postgres, columns: [])
    let environment = TemplateEnvironment(settings, run)
    let template = try Template(
      source: source,
      name: name,
      options: environment.options(mode),
      schema: RecordScope.schema(of: known, isOpen: shape == nil),
      partials: { environment.partials[$0] }
    )
    renderer = Renderer(template, clock: environment.clock)
    let constants = RecordScope.Constants(sync: sync, model: model, run: run)
    scope = RecordScope(shape: known, constants: constants)
  }

  /// The text rendered over a line of a page, as of an added row; in JSON mode compact JSON.
  ///
  /// Throws if the template refuses the row, or the text is not JSON in JSON mode.
  public func render(_ line: UnsafeRawBufferPointer) throws(Failure) -> String {
    do throws(Rejection) {
      try scope.use(line, .added, old: nil, eventID: EventID.placeholder)
    } catch {
      throw .output(error.text)
    }
    return try render(over: scope)
  }

  /// The text rendered over the variables in `document`; in JSON mode compact JSON.
  ///
  /// An object with `row` or `previous` in it holds the variables, any other is the row. Variables
  /// that it does not have are as for an added row, or a changed one where there is a `previous`.
  /// Throws if the template refuses the variables, or the text is not JSON in JSON mode.
  public func render(document: Object) throws(Failure) -> String {
    var variables = Self.isVariables(document) ? document : Object([("row", .object(document))])
    let isChange = variables["previous"].map { $0 != .null } ?? false
    let change = isChange ? Change.changed : .added
    let startedAt = scope.value(of: .now)
    let defaults: [(String, Value)] = [
      ("change", .string(change.rawValue)), ("changed_columns", Self.changedColumns(variables)),
      ("now", startedAt),
      ("run", .object(Object([("id", .string(run.id)), ("started_at", startedAt)]))),
      ("event", .object(Object([("id", .string(EventID.placeholder))]))),
    ]
    for (name, value) in defaults where variables[name] == nil { variables[name] = value }
    return try render(over: DocumentScope(variables))
  }

  private static func isVariables(_ document: Object) -> Bool {
    TemplateVariable.rowRoots.contains { document[$0] != nil }
  }

  private static func changedColumns(_ variables: Object) -> Value {
    guard case .object(let row)? = variables["row"],
      case .object(let previous)? = variables["previous"]
    else { return .array([]) }
    return .array(row.keys.filter { row[$0] != previous[$0] }.map(Value.string))
  }

  private func render(over data: some TemplateData) throws(Failure) -> String {
    var output = ByteBuffer()
    do throws(LiquidError) {
      try renderer.render(into: &output, data: data)
    } catch {
      throw .template(error)
    }
    if let failure = scope.failure { throw .output(failure.text) }
    guard mode == .json else { return output.text }
    var compact = ByteBuffer()
    do throws(JSONError) {
      try scanner.compact(output.bytes, into: &compact)
    } catch {
      let rejection = Rejection("the template gives no valid JSON", error, of: "the output")
      throw .output(rejection.text)
    }
    return compact.text
  }
}

/// The variables of a template out of one object.
private struct DocumentScope: TemplateData {
  let variables: Object

  init(_ variables: Object) {
    self.variables = variables
  }

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    output.append(value(slot: slot), as: form)
  }

  func value(slot: Int) -> Value {
    let known = TemplateVariable.allCases
    guard known.indices.contains(slot) else { return .null }
    let variable = known[slot]
    guard let member = variable.member else { return variables[variable.root] ?? .null }
    return self.member(member, of: variable.root)
  }

  func value(root: Int) -> Value {
    let roots = TemplateVariable.roots
    return roots.indices.contains(root) ? variables[roots[root]] ?? .null : .null
  }

  func value(root: Int, key: String) -> Value {
    let roots = TemplateVariable.roots
    return roots.indices.contains(root) ? member(key, of: roots[root]) : .null
  }

  func value(named name: String) -> Value? { variables[name] }

  private func member(_ key: String, of root: String) -> Value {
    guard case .object(let object)? = variables[root] else { return .null }
    return object[key] ?? .null
  }
}
