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

  /// Reads columns and what a run knows from the scope, everything else from an input that is made
  /// of it.
  private let expression: Expression
  /// Whether it reads any of that.
  private let needsInput: Bool
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
    let written: Expression
    do throws(JMESPathError) {
      written = try Expression(source)
    } catch {
      let place = location.flatMap { compiler.templates.places.place(of: error.offset, at: $0) }
      throw ComposerError(error.message, at: place ?? location, hint: error.hint)
    }
    let use = written.inputUse
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
    let names = Set(headers.map(\.name))
    expression = written.reading { root, member in
      // Of equal names the header counts.
      root == "metadata" && names.contains(member)
        ? nil : RecordScope.slot(of: member, under: root, shape: compiler.shape)
    }
    let rest = expression.inputUse
    needsInput = !rest.read.isEmpty || rest.tested.contains { !$0.isEmpty }
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
    let input = input(scope, headers)
    let value: Value
    do throws(JMESPathError) {
      value = try expression.search(input, slots: scope)
    } catch {
      throw scope.failure ?? rejection(error)
    }
    if let failure = scope.failure { throw failure }
    return value
  }

  /// Appends that as JSON; what it appended before it throws is for the caller to drop.
  func write(
    _ scope: RecordScope,
    headers: [(String, Value)],
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let input = input(scope, headers)
    do throws(JMESPathError) {
      try expression.write(input, slots: scope, to: &output)
    } catch {
      throw scope.failure ?? rejection(error)
    }
    if let failure = scope.failure { throw failure }
  }

  /// What the expression reads besides slots.
  private func input(_ scope: RecordScope, _ headers: [(String, Value)]) -> Value {
    guard needsInput else { return .object(Object()) }
    return .object(
      Object([
        ("data", columns(0, members: data, scope: scope)),
        ("previous", scope.hasPrevious ? columns(1, members: previous, scope: scope) : .null),
        ("metadata", .object(metadata(scope, headers))),
      ])
    )
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
