import Blocking
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

extension Envelope {
  convenience init(_ drafts: [Draft]) {
    self.init()
    var contents = takeContents()
    for draft in drafts {
      let first = contents.headers.count
      for (name, value) in draft.headers {
        let name = Self.index(of: name, in: &headerNames)
        contents.headers.append(Header(name: name, value: contents.append(value)))
      }
      contents.messages.append(
        Message(
          topic: Self.index(of: draft.topic, in: &topics),
          partition: draft.partition,
          key: draft.key.map { contents.append($0) },
          value: draft.value.map { contents.append($0) },
          headers: first..<contents.headers.count
        )
      )
    }
    put(contents)
  }

  private static func index(of name: String, in names: inout [String]) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    names.append(name)
    return Int32(names.count - 1)
  }
}

extension Envelope.Contents {
  fileprivate mutating func append(_ text: String) -> Range<Int> {
    let start = bytes.count
    bytes.append(text)
    return start..<bytes.count
  }
}

extension BatchReport {
  /// For each message whether it arrived.
  var arrived: [Bool] { (0..<offsets.count).map { offsets.isAcknowledged($0) } }
}

extension KafkaProducer {
  /// Submits and waits for the report.
  func send(
    _ envelope: sending Envelope,
    number: Int = 1,
    _ selection: Selection = .all
  ) throws -> BatchReport? {
    try submit(envelope, number: number, selection)
    return completed(waitingUpTo: .seconds(300)).first
  }

  /// The same with the envelope of a report.
  func send(
    _ envelope: Handover<Envelope>,
    number: Int = 1,
    _ selection: Selection
  ) throws -> BatchReport? {
    guard let envelope = envelope.take() else { return nil }
    return try send(envelope, number: number, selection)
  }
}

extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }
}
