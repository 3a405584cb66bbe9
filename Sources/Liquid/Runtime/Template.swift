public import Text

/// A template, read and compiled once, to be rendered many times.
public struct Template: Sendable {
  let program: Program
  let library: PartialLibrary

  /// The template's name, which stands in its errors.
  public let name: String

  /// The text it was made of.
  public let source: String

  /// The positions in the schema of the variables that it or one of its partials mentions.
  public let mentionedRoots: Set<Int>

  /// The slots that it or one of its partials mentions.
  public let mentionedSlots: Set<Int>

  /// What is right by the grammar and probably not meant, in the template and its partials.
  public let warnings: [LiquidError]

  /// What the template is, where it is nothing but one output `{{ x }}` without filters.
  public enum Lone: Sendable, Equatable {
    /// A slot of the schema.
    case slot(Int)
    /// A whole root of the schema.
    case root(Int)
    /// Anything else that is one value.
    case value
  }

  /// What the template is, where it is nothing but one output; nil if there is more to it.
  public let lone: Lone?

  /// Reads and compiles `source`.
  ///
  /// `resolver` gives the source of a partial by its name, and nil for one that is not there; it is
  /// asked once for each. In strict mode all partials that are named in so many words are compiled
  /// now, so that an error in them is an error here.
  public init(
    source: String,
    name: String = "template",
    options: TemplateOptions = TemplateOptions(),
    schema: TemplateSchema? = nil,
    partials resolver: @escaping @Sendable (String) -> String? = { _ in nil }
  ) throws(LiquidError) {
    self.source = source
    self.name = name
    library = PartialLibrary(options: options, schema: schema, resolver: resolver)
    let text = SourceText(bytes: Array(source.utf8), name: name)
    let (program, parser) = try library.program(text, isIsolated: false)
    self.program = program
    if options.syntax == .strict { try library.requirePartials(of: parser) }
    let programs = [program] + library.programs
    mentionedRoots = programs.reduce(into: []) { $0.formUnion($1.tables.roots) }
    mentionedSlots = programs.reduce(into: []) { $0.formUnion($1.tables.slots) }
    warnings = programs.flatMap { program in
      program.tables.warnings.map { warning in
        LiquidError(
          warning,
          offset: 0,
          template: program.source.name,
          source: program.source.bytes
        )
      }
    }
    lone = Template.lone(program)
  }

  /// Appends the template rendered over `data` to `output`.
  ///
  /// For one rendering; for many keep a `Renderer`. When it throws, `output` is as it was.
  public func render<Data: TemplateData>(
    into output: inout ByteBuffer,
    data: Data,
    clock: TemplateClock = .system
  ) throws(LiquidError) {
    var renderer = Renderer(self, clock: clock)
    try renderer.render(into: &output, data: data)
  }

  private static func lone(_ program: Program) -> Lone? {
    guard program.tables.instructions.count == 1 else { return nil }
    switch program.tables.instructions[0] {
    case .slot(let slot): return .slot(Int(slot))
    case .output(let node, _):
      switch program.tables.nodes[Int(node)] {
      case .root(let root): return .root(Int(root))
      case .filter: return nil
      default: return .value
      }
    default: return nil
    }
  }
}
