internal import Text
internal import Rows
internal import Settings

/// How the messages of one change are made, compiled for one shape.
final class TriggerPlan {
  /// A header: the number of its name, and its value.
  struct Header {
    var name: Int32
    var value: ValuePlan
  }

  let topic: ValuePlan
  let key: ValuePlan?
  let partition: ValuePlan?
  let headers: [Header]
  let body: BodyPlan
  /// The steps of the body, if it has some, in memory of the body's: taking them out of it would cost
  /// each row a copy.
  let steps: UnsafeBufferPointer<BodyStep>?
  /// The most bytes that the steps of the body may write.
  let byteCountMax: Int
  /// The bytes that the steps of the body name.
  let constants: ByteBuffer
  /// The templates that the steps of the body name.
  let templates: [TemplatePlan]
  /// The expressions that the steps of the body name.
  let expressions: [ExpressionPlan]
  /// The variables of templates and expressions; nil if there is none of them.
  let scope: RecordScope?
  /// Fields that identify the row.
  let keyFields: [Int]
  /// The header `backfill`, for rows that a backfill sends.
  let backfillHeader: Int32
  /// Whether anything shows the id of the event.
  let needsEventID: Bool
  let columnNames: [String]
  /// Columns besides the primary key's that topic, partition and key are made of: a row whose fields
  /// are the same there stays where it is.
  let placeColumns: [Int]
  /// How many fields of a line the writer has to find; nil for all.
  ///
  /// Templates and expressions find theirs themselves, and see to it that the line fits.
  let splitCount: Int?

  var fieldCount: Int { columnNames.count }

  /// Compiles `settings`; with `isMove` for the null value at the place that a changed row leaves.
  ///
  /// With `keyMayMove` the primary key's columns are looked at, too: a value that stays may be written
  /// another way.
  init(
    _ settings: MessageSettings,
    compiler: ValueCompiler,
    model: String,
    sync: String,
    run: RunIdentity,
    primaryKey: [String],
    isMove: Bool = false,
    keyMayMove: Bool = false,
    names: inout HeaderNames
  ) throws(ComposerError) {
    let constantsOfRun = RecordScope.Constants(sync: sync, model: model, run: run)
    var headers: [Header] = []
    for header in settings.systemHeaders {
      let value = Self.value(
        of: header,
        isMove ? "moved" : compiler.change.rawValue,
        contentType: compiler.contentType,
        model: model,
        run: run
      )
      headers.append(Header(name: names.number(of: header.rawValue), value: value))
    }
    // Expressions see the headers, but not inside of a header.
    var compiler = compiler
    var seen: [ExpressionPlan.Header] = []
    for header in settings.headers {
      let value = compiler.compile(header.value)
      seen.append(ExpressionPlan.Header(name: header.name, value: value))
      headers.append(Header(name: names.number(of: header.name), value: value))
    }
    self.headers = headers
    compiler.expressionHeaders = seen
    topic = compiler.compile(settings.topic)
    key = settings.key.map { compiler.compile($0) }
    partition = settings.partition.map { compiler.compile($0) }
    body = compiler.compile(settings.body)
    let steps = body.steps
    self.steps = steps?.steps
    byteCountMax = steps?.byteCountMax ?? .max
    var constants = ByteBuffer()
    constants.append(steps?.bytes ?? [])
    self.constants = constants
    templates = steps?.templates ?? []
    expressions = steps?.expressions ?? []
    keyFields = primaryKey.compactMap { compiler.shape.index(of: $0) }
    backfillHeader = names.number(of: "backfill")
    columnNames = compiler.shape.columns.map(\.name)
    let values = [topic, key, partition].compactMap { $0 } + headers.map(\.value)
    let needsScope =
      values.contains(where: \.needsScope) || !templates.isEmpty || !expressions.isEmpty
      || body.needsScope
    scope = needsScope ? RecordScope(shape: compiler.shape, constants: constantsOfRun) : nil
    placeColumns = Self.placeColumns(
      topic,
      partition: partition,
      key: key,
      shape: compiler.shape,
      besides: keyMayMove ? [] : keyFields
    )
    let fields =
      keyFields + placeColumns + values.flatMap(\.fields) + body.fields
      + expressions.flatMap { $0.headers.flatMap(\.value.fields) }
    splitCount = needsScope && !body.needsAllFields ? (fields.max() ?? -1) + 1 : nil
    needsEventID =
      values.contains(where: \.showsEventID) || body.showsEventID || key?.isExpression == true
    if let error = ComposerError(all: compiler.faults.errors) { throw error }
  }
}

/// What is the same for every message of a run.
public struct RunIdentity: Sendable {
  /// Identity of the run.
  public var id: String
  /// Microseconds since 1970 at its start.
  public var startedAt: Int

  /// Identifies a run.
  public init(id: String, startedAt: Int) {
    self.id = id
    self.startedAt = startedAt
  }
}

/// Numbers for the names of headers; the same in every batch of a run.
struct HeaderNames {
  private(set) var names: [String] = []

  mutating func number(of name: String) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    names.append(name)
    return Int32(names.count - 1)
  }
}

extension TriggerPlan {
  private static func value(
    of header: SystemHeader,
    _ change: String,
    contentType: String,
    model: String,
    run: RunIdentity
  ) -> ValuePlan {
    let text: String
    switch header {
    case .eventID: return .eventID
    case .change: text = change
    case .contentType: text = contentType
    case .topic: text = model
    case .timestamp: text = String(run.startedAt / 1_000_000)
    }
    return .constant(text: Array(text.utf8), json: [])
  }
}

extension TriggerPlan {
  /// None if every message has a place of its own: then there is none that a row could leave.
  private static func placeColumns(
    _ topic: ValuePlan,
    partition: ValuePlan?,
    key: ValuePlan?,
    shape: Shape,
    besides keyFields: [Int]
  ) -> [Int] {
    var values = [topic] + [partition].compactMap { $0 }
    if let key { values.append(key) }
    if case .eventID? = key { values.removeLast() }
    if values.contains(where: \.showsEventID) { return [] }
    return values.reduce(into: Set<Int>()) { $0.formUnion($1.columns(of: shape)) }
      .subtracting(keyFields).sorted()
  }
}

extension ValuePlan {
  fileprivate var needsScope: Bool {
    switch self {
    case .template, .expression: true
    case .constant, .column, .columns, .missing, .eventID: false
    }
  }

  /// The fields that are read without variables.
  fileprivate var fields: [Int] {
    switch self {
    case .column(let index, _, _): [index]
    case .columns(let columns): columns.map(\.index)
    case .expression(let plan): plan.headers.flatMap(\.value.fields)
    case .constant, .missing, .eventID, .template: []
    }
  }

  /// The columns that it is made of, whether of the row or of the one before.
  fileprivate func columns(of shape: Shape) -> Set<Int> {
    switch self {
    case .column(let index, _, _): return [index]
    case .columns(let columns): return Set(columns.map(\.index))
    case .template(let plan): return plan.columns
    case .expression(let plan):
      return plan.headers.reduce(plan.columns(of: shape)) { $0.union($1.value.columns(of: shape)) }
    case .constant, .missing, .eventID: return []
    }
  }

  /// As a key it falls back to the id of the event.
  fileprivate var isExpression: Bool {
    if case .expression = self { return true }
    return false
  }

  fileprivate var showsEventID: Bool {
    switch self {
    case .eventID: true
    case .template(let plan): plan.needsEventID
    case .expression(let plan): plan.needsEventID
    case .constant, .column, .columns, .missing: false
    }
  }
}

extension BodyPlan {
  fileprivate var steps: BodySteps? {
    if case .steps(let steps) = self { steps } else { nil }
  }

  fileprivate var needsAllFields: Bool {
    if case .encoded = self { true } else { false }
  }

  /// The fields that are read without variables.
  fileprivate var fields: [Int] {
    switch self {
    case .whole(let index, _): [index]
    case .expression(let plan): plan.headers.flatMap(\.value.fields)
    case .encoded: []
    case .steps(let body):
      body.steps.compactMap { step in
        switch step.value {
        case .field(let index, _), .escaped(let index, _): index
        case .nothing, .eventID, .template, .expression: nil
        }
      }
    case .tombstone, .wholeMissing, .template: []
    }
  }

  fileprivate var needsScope: Bool {
    switch self {
    case .template, .expression: true
    case .tombstone, .whole, .wholeMissing, .steps, .encoded: false
    }
  }

  fileprivate var showsEventID: Bool {
    switch self {
    case .template(let plan): return plan.needsEventID
    case .expression(let plan): return plan.needsEventID
    case .steps(let body):
      let hasStep = body.steps.contains { step in
        if case .eventID = step.value { return true }
        return false
      }
      return hasStep || body.templates.contains(where: \.needsEventID)
        || body.expressions.contains(where: \.needsEventID)
    case .tombstone, .whole, .wholeMissing, .encoded: return false
    }
  }
}
