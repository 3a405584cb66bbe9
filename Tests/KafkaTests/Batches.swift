import Text
import Kafka
import Rows

/// One message as a test writes it.
struct Draft {
  var topic = "topic"
  var partition: Int32 = 0
  var key: String?
  var value: String? = "{}"
  var headers: [(String, String)] = []
}

extension MessageBatch {
  convenience init(_ drafts: [Draft]) {
    self.init()
    for draft in drafts {
      let first = headers.count
      for (name, value) in draft.headers {
        headers.append(Header(name: index(of: name, in: &headerNames), value: append(value)))
      }
      messages.append(
        Message(
          topic: index(of: draft.topic, in: &topics),
          partition: draft.partition,
          key: draft.key.map { append($0) },
          value: draft.value.map { append($0) },
          headers: first..<headers.count
        )
      )
    }
  }

  private func append(_ text: String) -> Range<Int> {
    let start = bytes.count
    bytes.append(text)
    return start..<bytes.count
  }

  private func index(of name: String, in names: inout [String]) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    names.append(name)
    return Int32(names.count - 1)
  }
}

extension KafkaProducer {
  /// Submits and waits for the report.
  func send(
    _ batch: MessageBatch,
    number: Int = 1,
    _ selection: Selection = .all
  ) throws -> BatchReport? {
    try submit(batch, number: number, selection)
    return completed(waitingUpTo: .seconds(300)).first
  }
}

extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }
}
