internal import Text
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
  // Unsafe only in name: it is made and freed with this object and used by one owner at a time.
  // Behind a pointer, since Swift checks every access to a variable of an object, and there are
  // several for each output of a template.
  private let storage: UnsafeMutablePointer<State>

  private var state: State {
    _read { yield storage.pointee }
    _modify { yield &storage.pointee }
  }

  private struct State: ~Copyable {
    var row: FieldTable
    var previous = FieldTable(count: 0)
    var previousShape = -1
    /// For each column of the shape its field in `previous` and how that is written, nil for none.
    var previousFields: [(index: Int, form: FieldForm)?] = []
    var hasPrevious = false
    var change = Change.added
    var eventID = ""
    var writer = FieldWriter()
    var scratch = ByteBuffer()
    var failure: Rejection?

    /// Writes the JSON of a field, and nothing else, into `scratch`.
    mutating func scribble(
      _ field: UnsafeRawBufferPointer,
      _ form: FieldForm
    ) throws(Rejection) {
      scratch.removeAll(keepingUpTo: 1 << 20)
      try writer.appendJSON(field, form, to: &scratch)
    }

    /// Writes a field for the inside of a JSON string.
    mutating func appendEscaped(
      _ field: UnsafeRawBufferPointer,
      _ form: FieldForm,
      to output: inout ByteBuffer
    ) throws(Rejection) {
      try writer.appendEscaped(field, form: form, scratch: &scratch, to: &output)
    }
  }

  /// Whether there is a row from before the change.
  var hasPrevious: Bool { state.hasPrevious }

  /// What went wrong with a field while a template was rendered.
  var failure: Rejection? { state.failure }

  /// Seconds since 1970 at the run's start.
  var startedAtSeconds: Int { constants.run.startedAt / 1_000_000 }

  init(shape: Shape, constants: Constants) {
    self.shape = shape
    self.constants = constants
    startedAt = constants.startedAt
    forms = shape.columns.map { FieldForm($0.type, shape.dialect) }
    storage = .allocate(capacity: 1)
    storage.initialize(to: State(row: FieldTable(count: shape.columns.count)))
  }

  deinit {
    storage.deinitialize(count: 1)
    storage.deallocate()
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
    old: SupersededRow?,
    eventID: String
  ) throws(Rejection) {
    state.failure = nil
    state.change = change
    state.eventID = eventID
    guard state.row.split(line) else { throw Rejection("its line does not fit its shape") }
    state.hasPrevious = false
    guard let old else { return }
    if state.previousShape != old.number { learn(old.shape, old.number) }
    guard state.previous.split(old.line) else {
      throw Rejection("its stored line does not fit its shape")
    }
    state.hasPrevious = true
  }

  /// Forgets a failure for which something else stands in.
  func forgetFailure() {
    state.failure = nil
  }

  private func learn(_ old: Shape, _ number: Int) {
    state.previousShape = number
    state.previous = FieldTable(count: old.columns.count)
    state.previousFields = shape.columns.map { column in
      old.index(of: column.name).map { index in
        (index, FieldForm(old.columns[index].type, old.dialect))
      }
    }
  }

  // MARK: - What templates ask for

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    if slot < shape.columns.count {
      return append(state.row[slot], forms[slot], as: form, to: &output)
    }
    let position = slot - shape.columns.count
    if position < shape.columns.count {
      guard state.hasPrevious, let field = state.previousFields[position] else {
        return output.append(.null, as: form)
      }
      return append(state.previous[field.index], field.form, as: form, to: &output)
    }
    output.append(value(ofVariable: position - shape.columns.count), as: form)
  }

  func value(slot: Int) -> Value {
    if slot < shape.columns.count { return value(state.row[slot], forms[slot]) }
    let position = slot - shape.columns.count
    guard position < shape.columns.count else {
      return value(ofVariable: position - shape.columns.count)
    }
    guard state.hasPrevious, let field = state.previousFields[position] else { return .null }
    return value(state.previous[field.index], field.form)
  }

  func value(root: Int) -> Value {
    switch root {
    case 0: return columns(from: 0)
    case 1: return state.hasPrevious ? columns(from: shape.columns.count) : .null
    default:
      let members = Self.variableRoots[root - TemplateVariable.rowRoots.count]
      if let only = members.first, only.name.isEmpty { return value(of: only.variable) }
      return .object(Object(members.map { ($0.name, value(of: $0.variable)) }))
    }
  }

  /// What is under each root after those of rows; a variable that is a root itself has no name there.
  private static let variableRoots = TemplateVariable.roots
    .dropFirst(TemplateVariable.rowRoots.count).map { root in
      TemplateVariable.allCases.filter { $0.root == root }
        .map { (name: $0.member ?? "", variable: $0) }
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

  /// Whether the JSON of a slot is what its value would be written as.
  ///
  /// Not that of columns of JSON: as values, of members with one name the last counts.
  func isCopied(slot: Int) -> Bool { slot < forms.count && !forms[slot].holdsJSON }

  private func columns(from first: Int) -> Value {
    .object(
      Object(shape.columns.enumerated().map { ($0.element.name, value(slot: first + $0.offset)) })
    )
  }

  private func value(ofVariable number: Int) -> Value {
    variables.indices.contains(number) ? value(of: variables[number]) : .null
  }

  /// The value of a variable that is not a column.
  func value(of variable: TemplateVariable) -> Value {
    switch variable {
    case .change: .string(state.change.rawValue)
    case .changedColumns: .array(changedColumns.map(Value.string))
    case .now, .runStartedAt: .string(startedAt)
    case .syncName: .string(constants.sync)
    case .modelName: .string(constants.model)
    case .runID: .string(constants.run.id)
    case .eventID: .string(state.eventID)
    }
  }

  /// Columns whose fields differ; none if there is no previous row.
  private var changedColumns: [String] {
    guard state.hasPrevious else { return [] }
    return shape.columns.indices.filter { index in
      guard let field = state.previousFields[index] else { return true }
      return !state.row[index].elementsEqual(state.previous[field.index])
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
      case .json: try state.writer.appendJSON(field, form, to: &output)
      case .text: try appendText(field, form, to: &output)
      case .escaped: try state.appendEscaped(field, form, to: &output)
      }
    } catch {
      if state.failure == nil { state.failure = error }
    }
  }

  /// What a template in text mode shows: JSON, a string without its quotes.
  private func appendText(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return }
    if form.isText(field) { return try state.writer.appendText(field, form, to: &output) }
    try state.scribble(field, form)
    guard state.scratch[0] == UInt8(ascii: "\"") else { return output.append(state.scratch.bytes) }
    guard case .string(let text)? = try? JSONParser().parse(state.scratch.bytes) else { return }
    output.append(text)
  }

  private func value(_ field: UnsafeRawBufferPointer, _ form: FieldForm) -> Value {
    do throws(Rejection) {
      try state.scribble(field, form)
    } catch {
      if state.failure == nil { state.failure = error }
      return .null
    }
    return (try? JSONParser().parse(state.scratch.bytes)) ?? .null
  }
}
