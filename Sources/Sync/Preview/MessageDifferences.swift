internal import JSON
internal import Reports
internal import Rows
internal import Values

/// Tells two versions of one message apart, member by member.
struct MessageDifferences {
  /// A message in the envelope that holds it.
  struct Placed {
    let message: Envelope.Message
    let envelope: Envelope

    var topic: String { envelope.topic(of: message) }
    var key: UnsafeRawBufferPointer? { message.key.map(envelope.bytes) }
    var value: UnsafeRawBufferPointer? { message.value.map(envelope.bytes) }
  }

  /// A message, or why there is none.
  enum Version {
    case message(Placed)
    case rejected(String)
    case none
  }

  /// Whether partitions are said by the settings: else they follow from the key.
  let comparesPartitions: Bool

  /// Whether both are the same, byte by byte.
  func areEqual(_ old: Version, _ new: Version) -> Bool {
    switch (old, new) {
    case (.message(let old), .message(let new)):
      old.topic == new.topic
        && (!comparesPartitions || old.message.partition == new.message.partition)
        && Self.areEqual(old.key, new.key) && Self.areEqual(old.value, new.value)
        && haveEqualHeaders(old, new)
    case (.rejected(let old), .rejected(let new)): old == new
    case (.none, .none): true
    case (.message, _), (.rejected, _), (.none, _): false
    }
  }

  /// What differs between two that are not equal.
  func list(_ old: Version, _ new: Version) -> [ComparisonReport.Difference] {
    var found = Found()
    guard case .message(let old) = old, case .message(let new) = new else {
      found.note("rejected", old: old.reason, new: new.reason)
      return found.differences
    }
    found.note("topic", old: Self.json(old.topic), new: Self.json(new.topic))
    if comparesPartitions {
      found.note("partition", old: "\(old.message.partition)", new: "\(new.message.partition)")
    }
    found.note("key", old: Self.json(old.key), new: Self.json(new.key))
    compareHeaders(old, new, into: &found)
    compareValues(old.value, new.value, into: &found)
    // Such as the order of headers: nothing that a member could say.
    if found.differences.isEmpty { found.differences = [.init(name: "bytes", old: nil, new: nil)] }
    return found.differences
  }

  /// The differences found until now.
  private struct Found {
    var differences: [ComparisonReport.Difference] = []

    mutating func note(_ name: String, old: String?, new: String?) {
      if old != new { differences.append(.init(name: name, old: old, new: new)) }
    }

    /// Goes down as long as both are objects, or lists of one length.
    mutating func compare(_ path: String, old: Value?, new: Value?) {
      switch (old, new) {
      case (.object(let left), .object(let right)):
        let names = left.keys + right.keys.filter { left[$0] == nil }
        for name in names { compare("\(path).\(name)", old: left[name], new: right[name]) }
      case (.array(let left), .array(let right)) where left.count == right.count:
        for (index, pair) in zip(left, right).enumerated() {
          compare("\(path)[\(index)]", old: pair.0, new: pair.1)
        }
      case (_, _): note(path, old: old?.jsonText, new: new?.jsonText)
      }
    }
  }

  private func haveEqualHeaders(_ old: Placed, _ new: Placed) -> Bool {
    guard old.message.headers.count == new.message.headers.count else { return false }
    let (before, now) = (old.envelope, new.envelope)
    return zip(before.headers[old.message.headers], now.headers[new.message.headers]).allSatisfy {
      before.headerNames[Int($0.name)] == now.headerNames[Int($1.name)]
        && Self.areEqual(before.bytes($0.value), now.bytes($1.value))
    }
  }

  private func compareHeaders(_ old: Placed, _ new: Placed, into found: inout Found) {
    let before = old.envelope.shownHeaders(of: old.message)
    let now = new.envelope.shownHeaders(of: new.message)
    var names = before.map(\.name)
    for header in now where !names.contains(header.name) { names.append(header.name) }
    for name in names {
      let values = [before, now].map { $0.first { $0.name == name }.map { Self.json($0.value) } }
      found.note("header \(name)", old: values[0], new: values[1])
    }
  }

  private func compareValues(
    _ old: UnsafeRawBufferPointer?,
    _ new: UnsafeRawBufferPointer?,
    into found: inout Found
  ) {
    let parser = JSONParser()
    guard let old, let new, let left = try? parser.parse(old), let right = try? parser.parse(new)
    else {
      let texts = [old, new].map { $0.map { String(decoding: $0, as: UTF8.self) } }
      return found.note("value", old: texts[0], new: texts[1])
    }
    found.compare("value", old: left, new: right)
  }

  private static func areEqual(
    _ left: UnsafeRawBufferPointer?,
    _ right: UnsafeRawBufferPointer?
  ) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left.elementsEqual(right)
  }

  private static func json(_ bytes: UnsafeRawBufferPointer?) -> String? {
    bytes.map { json(String(decoding: $0, as: UTF8.self)) }
  }

  /// A text as JSON.
  private static func json(_ text: String) -> String { Value.string(text).jsonText }
}

extension MessageDifferences.Version {
  /// Why there is no message, as JSON; nil if there is one.
  fileprivate var reason: String? {
    switch self {
    case .message: nil
    case .rejected(let reason): Value.string(reason).jsonText
    case .none: Value.string("no message").jsonText
    }
  }
}
