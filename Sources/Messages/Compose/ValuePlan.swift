internal import Text
internal import JSON
internal import Liquid
internal import Rows
internal import Settings
internal import Spelling

/// A value of a message, compiled for one shape.
enum ValuePlan {
  /// The same bytes in every message; nil for NULL.
  case constant(text: [UInt8]?, json: [UInt8])
  /// A field.
  case column(index: Int, form: FieldForm, name: String)
  /// A JSON array of several columns.
  case columns([ColumnPlan])
  /// A column that rows of an older shape lack.
  case missing(name: String)
  /// The id of the event.
  case eventID
  /// A template.
  case template(TemplatePlan)
  /// A JMESPath expression.
  case expression(ExpressionPlan)
}

/// A column that is written as one of several.
struct ColumnPlan {
  var index: Int
  var form: FieldForm
  var name: String
}

/// What templates of a run share.
struct TemplateEnvironment {
  /// Most that one rendering may use.
  struct Limits {
    var time: Duration
    var outputBytes: Int
    var iterations: Int
  }

  let partials: [String: String]
  let places: TemplatePlaces
  let limits: Limits
  /// The time of day is the run's start, so that all messages of a run agree.
  let clock: TemplateClock

  init(_ settings: TemplateSettings, _ run: RunIdentity) {
    partials = settings.partials
    places = settings.places
    limits = Limits(
      time: settings.renderTime,
      outputBytes: settings.outputBytes,
      iterations: settings.iterations
    )
    let (seconds, microseconds) = run.startedAt.quotientAndRemainder(dividingBy: 1_000_000)
    clock = TemplateClock(
      now: { (seconds, microseconds * 1000) },
      elapsed: { TemplateClock.monotonic() }
    )
  }

  func options(_ mode: TemplateOptions.Mode) -> TemplateOptions {
    var options = TemplateOptions(mode: mode)
    options.limits.outputBytes = limits.outputBytes
    options.limits.iterations = limits.iterations
    options.limits.time = limits.time
    return options
  }
}

/// What does not fit the columns, collected so that all of it is told at once.
final class ComposerFaults {
  private(set) var errors: [ComposerError] = []

  func add(_ error: ComposerError) { errors.append(error) }
}

/// Compiles the values of one trigger for one shape.
struct ValueCompiler {
  let shape: Shape
  /// Whether a column may be missing: rows of an older shape lack some.
  let isLenient: Bool
  let change: Change
  let primaryKey: [Located<String>]
  let templates: TemplateEnvironment
  /// Makes bodies of all columns; nil for JSON.
  var encoder: (any RowEncoder)?
  /// Value of the header `content-type`.
  var contentType = "application/json"
  /// The user's headers, for expressions outside of headers.
  var expressionHeaders: [ExpressionPlan.Header] = []
  /// What was wrong until now; looked at when everything is compiled.
  let faults = ComposerFaults()

  /// The plan of a value; NULL after noting what is wrong with it.
  func compile(_ value: Located<ValueForm>) -> ValuePlan {
    do throws(ComposerError) {
      return try plan(value)
    } catch {
      faults.add(error)
      return constant(.null)
    }
  }

  private func plan(_ value: Located<ValueForm>) throws(ComposerError) -> ValuePlan {
    switch value.value {
    case .template(let source):
      return .template(try template(source, mode: .text, at: value.location))
    case .templateFile(let source, let path):
      return .template(try template(source, path: path, mode: .text, at: value.location))
    case .variable("change"): return constant(.string(change.rawValue))
    case .variable(let name):
      // A variable is the template that shows it alone, and so keeps its type.
      return .template(try template("{{ \(name) }}", mode: .text, at: value.location))
    case .text(let text): return constant(.string(text))
    case .literal(let literal): return constant(literal)
    case .column(let name): return try column(Located(name, at: value.location))
    case .primaryKey: return try primaryKeyPlan()
    case .eventID: return .eventID
    case .jmespath(let source):
      return .expression(try ExpressionPlan(source, at: value.location, self))
    }
  }

  func template(
    _ source: String,
    path: String? = nil,
    mode: TemplateOptions.Mode,
    at location: SourceLocation?
  ) throws(ComposerError) -> TemplatePlan {
    try TemplatePlan(
      source,
      name: path ?? "template",
      isFile: path != nil,
      mode: mode,
      at: location,
      self
    )
  }

  func column(_ name: Located<String>) throws(ComposerError) -> ValuePlan {
    if let index = shape.index(of: name.value) {
      let form = FieldForm(shape.columns[index].type, shape.dialect)
      return .column(index: index, form: form, name: name.value)
    }
    if isLenient { return .missing(name: name.value) }
    let names = shape.columns.map(\.name)
    throw ComposerError(
      "the model has no column '\(name.value)'",
      at: name.location,
      hint: Spelling.question(for: name.value, among: names)
        + "its columns are \(names.joined(separator: ", "))"
    )
  }

  /// One column as its text, several as a JSON array.
  private func primaryKeyPlan() throws(ComposerError) -> ValuePlan {
    if primaryKey.count == 1 { return try column(primaryKey[0]) }
    var columns: [ColumnPlan] = []
    for name in primaryKey {
      let plan = try column(name)
      guard case .column(let index, let form, let name) = plan else { return plan }
      columns.append(ColumnPlan(index: index, form: form, name: name))
    }
    return .columns(columns)
  }

  private func constant(_ literal: Literal) -> ValuePlan {
    var json = ByteBuffer()
    switch literal {
    case .null: return .constant(text: nil, json: Array("null".utf8))
    case .boolean(let flag): return plain(flag ? "true" : "false")
    case .number(let digits): return plain(digits)
    case .json(let text): return plain(text)
    case .string(let text):
      json.append(quoted: text)
      return .constant(text: Array(text.utf8), json: Array(json.bytes))
    }
  }

  private func plain(_ text: String) -> ValuePlan {
    .constant(text: Array(text.utf8), json: Array(text.utf8))
  }
}
