internal import Rows
internal import Text

/// Takes a pinned batch apart; nil where something does not fit.
struct PinnedReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func integer() -> Int? {
    half().map { Int(Int64(bitPattern: $0)) }
  }

  private mutating func half() -> UInt64? {
    guard bytes.count - offset >= 8 else { return nil }
    defer { offset += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// A count of things that take `size` bytes or more each.
  private mutating func count(of size: Int) -> Int? {
    guard let count = integer(), count >= 0, count <= (bytes.count - offset) / size else {
      return nil
    }
    return count
  }

  /// An index below `limit`.
  private mutating func index(below limit: Int) -> Int32? {
    guard let index = integer(), (0..<limit).contains(index) else { return nil }
    return Int32(exactly: index)
  }

  mutating func block() -> UnsafeRawBufferPointer? {
    guard let count = count(of: 1) else { return nil }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
  }

  private mutating func text() -> String? {
    block().map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func texts() -> [String]? {
    guard let count = count(of: 8) else { return nil }
    return list(count) { $0.text() }
  }

  private mutating func list<Element>(
    _ count: Int,
    _ next: (inout Self) -> Element?
  ) -> [Element]? {
    var list: [Element] = []
    list.reserveCapacity(count)
    for _ in 0..<count {
      guard let element = next(&self) else { return nil }
      list.append(element)
    }
    return list
  }

  /// A range inside of the first `limit`.
  private mutating func range(in limit: Int) -> Range<Int>? {
    guard let start = integer() else { return nil }
    return range(from: start, in: limit)
  }

  private mutating func range(from start: Int, in limit: Int) -> Range<Int>? {
    guard let count = integer(), start >= 0, count >= 0, start <= limit, count <= limit - start
    else { return nil }
    return start..<(start + count)
  }

  /// The same, or none: the outer nil is damage.
  private mutating func optionalRange(in limit: Int) -> Range<Int>?? {
    guard let start = integer() else { return nil }
    if start == -1 { return .some(nil) }
    return range(from: start, in: limit).map { .some($0) }
  }

  mutating func content(
    into contents: inout Envelope.Contents,
    topicCount: Int,
    nameCount: Int
  ) -> PinnedMessages.Content? {
    let size = contents.bytes.count
    guard let headerCount = count(of: 24),
      let headers = list(headerCount, { $0.header(nameCount, size) }),
      let messageCount = count(of: 40),
      let messages = list(
        messageCount,
        { $0.message(of: topicCount, size, headerCount: headerCount) }
      )
    else { return nil }
    contents.headers = headers
    contents.messages = messages
    guard let composition = composition(of: messageCount), let erasingCount = count(of: 8),
      let erasing = list(erasingCount, { $0.index(below: messageCount) }),
      offset == bytes.count
    else { return nil }
    return PinnedMessages.Content(composition: composition, erasing: erasing.map(Int.init))
  }

  private mutating func header(_ nameCount: Int, _ size: Int) -> Envelope.Header? {
    guard let name = index(below: nameCount), let value = range(in: size) else { return nil }
    return Envelope.Header(name: name, value: value)
  }

  private mutating func message(
    of topicCount: Int,
    _ size: Int,
    headerCount: Int
  ) -> Envelope.Message? {
    guard let topic = index(below: topicCount), let partition = index(below: Int(Int32.max)),
      let key = optionalRange(in: size), let value = optionalRange(in: size),
      let headers = range(in: headerCount)
    else { return nil }
    return Envelope.Message(
      topic: topic,
      partition: partition,
      key: key,
      value: value,
      headers: headers
    )
  }

  private mutating func composition(of messageCount: Int) -> Composition? {
    var composition = Composition()
    guard let ownCount = integer(), (0...messageCount).contains(ownCount),
      let byteCount = integer(), let ignored = integer(), let moved = integer(),
      let positions = list(messageCount, { $0.index(below: Int(Int32.max)) }),
      let placementCount = count(of: 24), [0, messageCount].contains(placementCount),
      let placements = list(placementCount, { $0.placement() }),
      let rejectedCount = count(of: 24), let rejected = list(rejectedCount, { $0.rejected() })
    else { return nil }
    composition.ownCount = ownCount
    composition.byteCount = byteCount
    composition.ignoredPartitions = ignored
    composition.moved = moved
    composition.positions = positions
    composition.placements = placements
    composition.rejected = rejected
    return composition
  }

  /// The outer nil is damage.
  private mutating func placement() -> Composition.Placement?? {
    guard let kind = integer(), let high = half(), let low = half() else { return nil }
    if kind == 0 { return .some(nil) }
    return .some(
      Composition.Placement(place: Place(high: high, low: low), isNullValue: kind == 2)
    )
  }

  private mutating func rejected() -> (position: Int32, rejection: Rejection)? {
    guard let position = index(below: Int(Int32.max)), let reason = text(), let detail = texts()
    else { return nil }
    return (position, Rejection(reason, detail: detail.first))
  }
}
