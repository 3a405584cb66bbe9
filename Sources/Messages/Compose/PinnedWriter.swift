internal import Rows
internal import Text

/// Appends what a pinned batch consists of.
struct PinnedWriter: ~Copyable {
  private var buffer: ByteBuffer

  init(capacity: Int) {
    buffer = ByteBuffer(capacity: capacity)
  }

  var bytes: [UInt8] { Array(buffer.bytes) }

  mutating func append(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { buffer.append($0) }
  }

  mutating func append(_ half: UInt64) {
    withUnsafeBytes(of: half.littleEndian) { buffer.append($0) }
  }

  mutating func append(_ block: UnsafeRawBufferPointer) {
    append(block.count)
    buffer.append(block)
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    buffer.append(text)
  }

  mutating func append(_ texts: [String]) {
    append(texts.count)
    for text in texts { append(text) }
  }

  mutating func append(_ range: Range<Int>) {
    append(range.lowerBound)
    append(range.count)
  }

  mutating func append(_ range: Range<Int>?) {
    guard let range else { return append(-1) }
    append(range)
  }

  mutating func append(_ content: PinnedMessages.Content) {
    let composition = content.composition
    append(composition.ownCount)
    append(composition.byteCount)
    append(composition.ignoredPartitions)
    append(composition.moved)
    for position in composition.positions { append(Int(position)) }
    append(composition.placements.count)
    for placement in composition.placements {
      append(placement.map { $0.isNullValue ? 2 : 1 } ?? 0)
      append(placement?.place.high ?? UInt64(0))
      append(placement?.place.low ?? UInt64(0))
    }
    append(composition.rejected.count)
    for (position, rejection) in composition.rejected {
      append(Int(position))
      append(rejection.reason)
      append(rejection.detail.map { [$0] } ?? [])
    }
    append(content.erasing.count)
    for index in content.erasing { append(index) }
  }
}
