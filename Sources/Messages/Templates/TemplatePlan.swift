internal import Text
internal import JSON
internal import Liquid
internal import Rows
internal import Settings
internal import Values

/// A template, compiled for one shape, with what it needs to render row after row.
final class TemplatePlan {
  // Unsafe only in name: it is made and freed with this object and used by one owner at a time.
  // Behind a pointer, since Swift would keep an eye on it for as long as a rendering takes.
  private let storage: UnsafeMutablePointer<Renderer>

  private var renderer: Renderer {
    _read { yield storage.pointee }
    _modify { yield &storage.pointee }
  }

  /// Where it is written.
  let origin: TemplateOrigin
  /// Whether it shows the id of the event.
  let needsEventID: Bool
  /// The columns that it shows, whether of the row or of the one before.
  let columns: Set<Int>
  /// Whether it is one `{{ x }}`, which keeps the type of x under `columns`.
  var isLone: Bool { renderer.template.lone != nil }

  /// Compiles `source`; `location` is where it was written.
  init(
    _ source: String,
    name: String,
    isFile: Bool,
    mode: TemplateOptions.Mode,
    at location: SourceLocation?,
    _ compiler: ValueCompiler
  ) throws(ComposerError) {
    let origin = TemplateOrigin(
      source: source,
      name: name,
      isFile: isFile,
      location: location,
      places: compiler.templates.places
    )
    self.origin = origin
    let schema = RecordScope.schema(of: compiler.shape, isOpen: compiler.isLenient)
    let partials = compiler.templates.partials
    do throws(LiquidError) {
      let template = try Template(
        source: source,
        name: name,
        options: compiler.templates.options(mode),
        schema: schema,
        partials: { partials[$0] }
      )
      let count = compiler.shape.columns.count
      let slots = template.mentionedSlots.filter { $0 < 2 * count }.map { $0 % max(count, 1) }
      // The first two roots are the rows themselves.
      columns = template.mentionedRoots.contains { $0 < 2 } ? Set(0..<count) : Set(slots)
      let event = schema.roots.firstIndex { $0.name == "event" } ?? -1
      needsEventID =
        template.mentionedRoots.contains(event)
        || template.mentionedSlots.contains(
          2 * compiler.shape.columns.count + TemplateVariable.eventID.number
        )
      storage = .allocate(capacity: 1)
      storage.initialize(to: Renderer(template, clock: compiler.templates.clock))
    } catch {
      throw ComposerError(error, in: origin)
    }
  }

  deinit {
    storage.deinitialize(count: 1)
    storage.deallocate()
  }

  /// What it comes to, where it is nothing but text and columns and always valid JSON.
  func pieces(columnCount: Int) -> [PlainTemplate.Piece]? {
    PlainTemplate.pieces(of: renderer.template, columnCount: columnCount)
  }

  /// Appends the rendered text; throws if the template fails on this row.
  func render(_ scope: RecordScope, into output: inout ByteBuffer) throws(Rejection) {
    do throws(LiquidError) {
      try renderer.render(into: &output, data: scope)
    } catch {
      throw origin.rejection(error)
    }
    if let failure = scope.failure { throw failure }
  }

  /// The value of a lone `{{ x }}`, with its type.
  func value(_ scope: RecordScope) throws(Rejection) -> Value {
    let value: Value
    do throws(LiquidError) {
      value = try renderer.value(data: scope)
    } catch {
      throw origin.rejection(error)
    }
    if let failure = scope.failure { throw failure }
    return value
  }
}
