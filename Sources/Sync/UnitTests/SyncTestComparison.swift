internal import Text
internal import JSON
internal import Reports
internal import Settings
internal import Values

/// Compares what became of a test case with what was expected.
///
/// JSON is compared by value: members in any order, numbers by what they amount to.
struct SyncTestComparison {
  private let outcome: SyncTestOutcome
  private typealias Difference = SyncTestResult.Difference

  init(_ outcome: SyncTestOutcome) {
    self.outcome = outcome
  }

  func differences(from expectation: SyncTestCase.Expectation) -> [SyncTestResult.Difference] {
    switch (expectation, outcome) {
    case (.none, _), (.nothing, .nothing): []
    case (.message(let expected), .message(let message)): differences(expected, message)
    case (.rejected(let part), .rejected(let reason)) where reason.contains(part): []
    default:
      [
        Difference(
          path: "outcome",
          expected: Self.described(expectation),
          actual: Self.described(outcome)
        )
      ]
    }
  }

  private static func described(_ expectation: SyncTestCase.Expectation) -> String? {
    switch expectation {
    case .none: nil
    case .message: "a message"
    case .rejected(let part): "rejected: …\(part)…"
    case .nothing: "nothing"
    }
  }

  private static func described(_ outcome: SyncTestOutcome) -> String {
    switch outcome {
    case .message(let message): "a message to \(message.topic)"
    case .rejected(let reason): "rejected: \(reason)"
    case .nothing(let reason): "nothing: \(reason)"
    }
  }

  // MARK: - Messages

  private func differences(
    _ expected: ExpectedMessage,
    _ message: InspectReport.Message
  ) -> [SyncTestResult.Difference] {
    var found: [Difference] = []
    if let topic = expected.topic {
      compare("topic", expected: topic, actual: message.topic, found: &found)
    }
    if let key = expected.key { compare("key", expected: key, actual: message.key, found: &found) }
    if let partition = expected.partition, partition != message.partition {
      found.append(
        Difference(
          path: "partition",
          expected: partition.map { String($0) },
          actual: message.partition.map { String($0) }
        )
      )
    }
    for header in expected.headers {
      let actual = message.headers.first { $0.name == header.name }?.value
      compare("headers.\(header.name)", expected: header.value, actual: actual, found: &found)
    }
    guard let body = expected.message else { return found }
    let value = message.value.flatMap { try? JSONParser().parse($0) }
    compare(
      "message",
      expected: body.flatMap { try? JSONParser().parse($0) },
      actual: value,
      found: &found
    )
    return found
  }

  private func compare(
    _ path: String,
    expected: String?,
    actual: String?,
    found: inout [SyncTestResult.Difference]
  ) {
    if expected == actual { return }
    found.append(
      Difference(
        path: path,
        expected: expected.map { Self.json(.string($0)) },
        actual: actual.map { Self.json(.string($0)) }
      )
    )
  }

  private func compare(
    _ path: String,
    expected: Value?,
    actual: Value?,
    found: inout [SyncTestResult.Difference]
  ) {
    switch (expected, actual) {
    case (.object(let left)?, .object(let right)?):
      let others = right.keys.filter { left[$0] == nil }
      for key in left.keys + others {
        compare("\(path).\(key)", expected: left[key], actual: right[key], found: &found)
      }
    case (.array(let left)?, .array(let right)?):
      for index in 0..<max(left.count, right.count) {
        let (old, new) = (left.dropFirst(index).first, right.dropFirst(index).first)
        compare("\(path)[\(index)]", expected: old, actual: new, found: &found)
      }
    case (let expected?, let actual?):
      if expected.amounts(to: actual) { return }
      add(path, expected: expected, actual: actual, found: &found)
    case (nil, nil): return
    default: add(path, expected: expected, actual: actual, found: &found)
    }
  }

  private func add(
    _ path: String,
    expected: Value?,
    actual: Value?,
    found: inout [SyncTestResult.Difference]
  ) {
    found.append(
      Difference(path: path, expected: expected.map(Self.json), actual: actual.map(Self.json))
    )
  }

  private static func json(_ value: Value) -> String {
    var output = ByteBuffer()
    output.append(json: value)
    return output.text
  }
}
