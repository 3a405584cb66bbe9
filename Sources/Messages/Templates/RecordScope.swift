internal import Bytes
internal import JSON
internal import Liquid
internal import Rows
internal import Settings
internal import Values

/// The variables of a template, read from records as they are asked for.
///
/// Columns are slots: first those of `row`, then the same of `previous`, then the variables of
/// ``TemplateVariable``. One scope serves row after row of one shape; used by one owner at a time.
final class RecordScope: TemplateData {
  /// What is the same for every message of a run.
  struct Constants {
    var sync: String
    var model: String
    var run: RunIdentity

    /// The run's start in ISO 8601.
    var startedAt: String {
      ISODate.text(unixSeconds: run.startedAt / 1_000_000, isDate: false) ?? ""
    }
  }

  private let shape: Shape
  private let variables = TemplateVariable.allCases
  private let forms: [FieldForm]
  private let constants: Constants
  private let startedAt: String
  private var row: FieldTable
  private var previous = FieldTable(count: 0)
  private var previousShape = -1
  /// For each column of the shape its field in `previous` and how that is written, nil for none.
  private var previousFields: [(index: Int, form: FieldForm)?] = []
  private var hasPrevious = false
  private var change = Change.added
  private var eventID = ""
  private var writer = FieldWriter()
  private var scratch = ByteBuffer()

  /// What went wrong with a field while a template was rendered.
  private(set) var failure: Rejection?

  init(shape: Shape, constants: Constants) {
    self.shape = shape
    self.constants = constants
    startedAt = constants.startedAt
    forms = shape.columns.map { FieldForm($0.type, shape.dialect) }
    row = FieldTable(count: shape.columns.count)
  }

  /// The variables with their slots, for compiling a template; with `isOpen` unknown columns are
  /// null instead of errors.
  static func schema(of shape: Shape, isOpen: Bool) -> TemplateSchema {
    let count = shape.columns.count
    func columns(from first: Int) -> TemplateSchema.Root.Kind {
      let slots = shape.columns.enumerated().map { ($0.element.name, first + $0.offset) }
      return .object(Dictionary(slots) { first, _ in first }, isClosed: !isOpen)
    }
    let paths = TemplateVariable.allCases.map(\.rawValue)
    return TemplateSchema(
      roots: [
        TemplateSchema.Root("row", columns(from: 0)),
        TemplateSchema.Root("previous", columns(from: count)),
      ] + TemplateSchema.Root.list(paths: paths, firstSlot: 2 * count)
    )
  }

  /// Turns to another row.
  ///
  /// The lines must outlive the renderings. `old` is a line of the snapshot and its shape.
  func use(
    _ line: UnsafeRawBufferPointer,
    _ change: Change,
    old: (line: UnsafeRawBufferPointer, number: Int, shape: Shape)?,
    eventID: String
  ) throws(Rejection) {
    failure = nil
    self.change = change
    self.eventID = eventID
    guard row.split(line) else { throw Rejection("its line does not fit its shape") }
    hasPrevious = false
    guard let old else { return }
    if previousShape != old.number { learn(old.shape, old.number) }
    guard previous.split(old.line) else {
      throw Rejection("its stored line does not fit its shape")
    }
    hasPrevious = true
  }

  private func learn(_ old: Shape, _ number: Int) {
    previousShape = number
    previous = FieldTable(count: old.columns.count)
    previousFields = shape.columns.map { column in
      old.index(of: column.name).map { index in
        (index, FieldForm(old.columns[index].type, old.dialect))
      }
    }
  }

  // MARK: - What templates ask for

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    if slot < shape.columns.count {
      return append(row[slot], forms[slot], as: form, to: &output)
    }
    let position = slot - shape.columns.count
    if position < shape.columns.count {
      guard hasPrevious, let field = previousFields[position] else {
        return output.append(.null, as: form)
      }
      return append(previous[field.index], field.form, as: form, to: &output)
    }
    output.append(value(ofVariable: position - shape.columns.count), as: form)
  }

  func value(slot: Int) -> Value {
    if slot < shape.columns.count { return value(row[slot], forms[slot]) }
    let position = slot - shape.columns.count
    guard position < shape.columns.count else {
      return value(ofVariable: position - shape.columns.count)
    }
    guard hasPrevious, let field = previousFields[position] else { return .null }
    return value(previous[field.index], field.form)
  }

  func value(root: Int) -> Value {
    switch root {
    case 0: return columns(from: 0)
    case 1: return hasPrevious ? columns(from: shape.columns.count) : .null
    case 2: return value(of: .change)
    case 3: return value(of: .changedColumns)
    case 4: return value(of: .now)
    case 5: return .object(Object([("name", .string(constants.sync))]))
    case 6: return .object(Object([("name", .string(constants.model))]))
    case 7:
      return .object(
        Object([("id", .string(constants.run.id)), ("started_at", .string(startedAt))])
      )
    default: return .object(Object([("id", .string(eventID))]))
    }
  }

  func value(root: Int, key: String) -> Value {
    if root > 1 {
      guard case .object(let object) = value(root: root) else { return .null }
      return object[key] ?? .null
    }
    guard let index = shape.index(of: key) else { return .null }
    return value(slot: root == 0 ? index : shape.columns.count + index)
  }

  func value(named name: String) -> Value? { nil }

  private func columns(from first: Int) -> Value {
    .object(
      Object(shape.columns.enumerated().map { ($0.element.name, value(slot: first + $0.offset)) })
    )
  }

  private func value(ofVariable number: Int) -> Value {
    variables.indices.contains(number) ? value(of: variables[number]) : .null
  }

  /// The value of a variable that is no column.
  func value(of variable: TemplateVariable) -> Value {
    switch variable {
    case .change: .string(change.rawValue)
    case .changedColumns: .array(changedColumns.map(Value.string))
    case .now, .runStartedAt: .string(startedAt)
    case .syncName: .string(constants.sync)
    case .modelName: .string(constants.model)
    case .runID: .string(constants.run.id)
    case .eventID: .string(eventID)
    }
  }

  /// Columns whose fields differ; none where there is no previous row.
  private var changedColumns: [String] {
    guard hasPrevious else { return [] }
    return shape.columns.indices.filter { index in
      guard let field = previousFields[index] else { return true }
      return !row[index].elementsEqual(previous[field.index])
    }.map { shape.columns[$0].name }
  }

  // MARK: - Fields

  private func append(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    as place: SlotForm,
    to output: inout ByteBuffer
  ) {
    do throws(Rejection) {
      switch place {
      case .json: try writer.appendJSON(field, form, to: &output)
      case .text: try appendText(field, form, isEscaped: false, to: &output)
      case .escaped: try appendText(field, form, isEscaped: true, to: &output)
      }
    } catch {
      if failure == nil { failure = error }
    }
  }

  /// JSON without the quotes of a string: what stands between them is escaped already.
  private func appendText(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    isEscaped: Bool,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return }
    if !isEscaped, form.isText(field) {
      return try writer.appendText(field, form, to: &output)
    }
    scratch.removeAll(keepingUpTo: 1 << 20)
    try writer.appendJSON(field, form, to: &scratch)
    let isString = scratch[0] == UInt8(ascii: "\"")
    let inside = isString ? scratch.bytes(1..<(scratch.count - 1)) : scratch.bytes
    switch (isString, isEscaped) {
    case (true, true), (false, false): output.append(inside)
    case (false, true): _ = output.append(escaped: inside)
    case (true, false):
      guard case .string(let text)? = try? JSONParser().parse(scratch.bytes) else { return }
      output.append(text)
    }
  }

  private func value(_ field: UnsafeRawBufferPointer, _ form: FieldForm) -> Value {
    scratch.removeAll(keepingUpTo: 1 << 20)
    do throws(Rejection) {
      try writer.appendJSON(field, form, to: &scratch)
    } catch {
      if failure == nil { failure = error }
      return .null
    }
    return (try? JSONParser().parse(scratch.bytes)) ?? .null
  }
}
