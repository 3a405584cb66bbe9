internal import Text
internal import JMESPath
internal import JSON
internal import Rows
internal import Settings
internal import Values

/// A JMESPath expression, compiled for one shape, with what it reads of a row's input.
final class ExpressionPlan {
  /// A header of the user, which expressions outside of headers see under `metadata`.
  struct Header {
    var name: String
    var value: ValuePlan
  }

  /// Which members of an object are needed.
  private enum Members {
    case all
    case some([String])

    func holds(_ name: String) -> Bool {
      switch self {
      case .all: true
      case .some(let names): names.contains(name)
      }
    }
  }

  private let expression: Expression
  private let location: SourceLocation?
  private let places: TemplatePlaces
  private let data: Members
  private let previous: Members
  private let metadata: Members
  /// The headers that it reads.
  let headers: [Header]
  /// Whether it shows the id of the event.
  let needsEventID: Bool

  /// Compiles `source`; `location` is where it was written.
  init(
    _ source: String,
    at location: SourceLocation?,
    _ compiler: ValueCompiler
  ) throws(ComposerError) {
    self.location = location
    places = compiler.templates.places
    do throws(JMESPathError) {
      expression = try Expression(source)
    } catch {
      let place = location.flatMap { compiler.templates.places.place(of: error.offset, at: $0) }
      throw ComposerError(error.message, at: place ?? location, hint: error.hint)
    }
    let use = expression.inputUse
    // The objects of the first level are always there, or known to be null.
    let paths = use.read.union(use.tested.filter { $0.count > 1 })
    func members(of root: String) -> Members {
      let found = paths.filter { $0.isEmpty || $0.first == root }
      if found.contains(where: { $0.count < 2 }) { return .all }
      return .some(Set(found.map { $0[1] }).sorted())
    }
    data = members(of: "data")
    previous = members(of: "previous")
    metadata = members(of: "metadata")
    let metadata = metadata
    headers = compiler.expressionHeaders.filter { metadata.holds($0.name) }
    needsEventID = metadata.holds("event_id")
    if compiler.isLenient { return }
    for case .some(let names) in [data, previous] {
      for name in names { _ = try compiler.column(Located(name, at: location)) }
    }
  }

  /// The columns that it reads, whether of the row or of the one before.
  func columns(of shape: Shape) -> Set<Int> {
    let indexes = shape.columns.indices.filter { index in
      let name = shape.columns[index].name
      return data.holds(name) || previous.holds(name)
    }
    return Set(indexes)
  }

  /// What the expression makes of the row of `scope`; `headers` are those it reads, by name.
  func value(_ scope: RecordScope, headers: [(String, Value)]) throws(Rejection) -> Value {
    let input = Object([
      ("data", columns(0, members: data, scope: scope)),
      ("previous", scope.hasPrevious ? columns(1, members: previous, scope: scope) : .null),
      ("metadata", .object(metadata(scope, headers))),
    ])
    if let failure = scope.failure { throw failure }
    do throws(JMESPathError) {
      return try expression.search(.object(input))
    } catch {
      throw rejection(error)
    }
  }

  /// Why a row is rejected on which the expression fails.
  private func rejection(_ error: JMESPathError) -> Rejection {
    if let place = location.flatMap({ places.place(of: error.offset, at: $0) }) {
      return Rejection("\(place): \(error.message)")
    }
    let start = location.map { "\($0): " } ?? ""
    let position = "line \(error.line), column \(error.column)"
    return Rejection("\(start)the expression, \(position): \(error.message)")
  }

  private func columns(_ root: Int, members: Members, scope: RecordScope) -> Value {
    switch members {
    case .all: scope.value(root: root)
    case .some(let names):
      .object(Object(names.map { ($0, scope.value(root: root, key: $0)) }))
    }
  }

  private func metadata(_ scope: RecordScope, _ headers: [(String, Value)]) -> Object {
    var object = Object()
    for member in MetadataMember.allCases where metadata.holds(member.rawValue) {
      object[member.rawValue] = member.value(scope)
    }
    for (name, value) in headers { object[name] = value }
    return object
  }
}

/// What expressions see under `metadata` besides the sync's headers, in the order of its members.
private enum MetadataMember: String, CaseIterable {
  case sync, model, change
  case changedColumns = "changed_columns"
  case eventID = "event_id"
  case topic, timestamp
  case runID = "run_id"

  func value(_ scope: RecordScope) -> Value {
    switch self {
    case .sync: scope.value(of: .syncName)
    // As in the header `topic`, which is the model.
    case .model, .topic: scope.value(of: .modelName)
    case .change: scope.value(of: .change)
    case .changedColumns: scope.value(of: .changedColumns)
    case .eventID: scope.value(of: .eventID)
    case .timestamp: .integer(scope.startedAtSeconds)
    case .runID: scope.value(of: .runID)
    }
  }
}

extension Value {
  /// Appends it as it stands in a topic, key, partition or header: its JSON text without quotes.
  ///
  /// False for null.
  func appendText(to output: inout ByteBuffer) -> Bool {
    switch self {
    case .null: return false
    case .string(let text): output.append(text)
    case .bool, .integer, .bigInteger, .decimal, .float, .array, .object:
      output.append(json: self)
    }
    return true
  }
}
