import Messages
import Reports
import Settings
import Values

extension TestCaseReport {
  /// The case and, where it failed, what differs.
  func lines(_ console: Console) -> [String] {
    let name = result.test.name.printable
    switch outcome {
    case .passed: return ["  \(console.paintResult("✓", "32")) \(name)"]
    case .recorded: return ["  \(console.paintResult("+", "33")) \(name): recorded"]
    case .failed: break
    }
    let head = "  \(console.paintResult("✗", "31")) \(name) (\(result.test.location))"
    if lacksExpectation { return ["\(head): nothing is expected yet"] }
    return [head]
      + result.differences.flatMap { difference in
        [
          "      \(difference.path)",
          "        " + console.paintResult("- expected  \(difference.expected ?? "nothing")", "32"),
          "        " + console.paintResult("+ actual    \(difference.actual ?? "nothing")", "31"),
        ]
      }
  }
}

extension SyncTestResult {
  /// What to expect from now on; nil if nothing came out.
  ///
  /// What the case names is kept to; a case that names nothing gets all but the event id, and of
  /// the partition only what `partition` of the sync asks for.
  var recording: SyncTestCase.Expectation? {
    switch outcome {
    case nil: nil
    case .nothing: .nothing
    case .rejected(let reason): .rejected(reason)
    case .message(let message): .message(recording(of: message))
    }
  }

  private func recording(of message: InspectReport.Message) -> ExpectedMessage {
    let body = message.value.map { Value(json: $0).jsonText }
    guard case .message(let named) = test.expectation else {
      return ExpectedMessage(
        topic: message.topic,
        key: .some(message.key),
        partition: message.partition.map(Optional.some),
        headers: message.headers.filter { $0.value != EventID.placeholder }
          .map { ExpectedMessage.Header(name: $0.name, value: $0.value) },
        message: .some(body)
      )
    }
    return ExpectedMessage(
      topic: named.topic.map { _ in message.topic },
      key: named.key.map { _ in message.key },
      partition: named.partition.map { _ in message.partition },
      headers: named.headers.map { header in
        let actual = message.headers.first { $0.name == header.name }
        return ExpectedMessage.Header(name: header.name, value: actual?.value)
      },
      message: named.message.map { _ in body }
    )
  }
}
