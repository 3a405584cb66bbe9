internal import Text

/// What made the last message of a row of the snapshot.
public enum MessageOrigin: Sendable, Hashable {
  /// The message settings with this number.
  case settings(Int)
  /// The row was remembered without a message.
  case neverSent
  /// An earlier Sluice sent it, which did not keep what its messages were made with.
  case unknown

  /// Bytes of a run of rows with one origin.
  private static let runSize = 8

  /// 8 bytes for each run of rows with one origin: how many, and which.
  static func encode(_ origins: ArraySlice<MessageOrigin>) -> ByteBuffer {
    var output = ByteBuffer(capacity: runSize)
    var index = origins.startIndex
    while index < origins.endIndex {
      let origin = origins[index]
      let end = origins[index...].firstIndex { $0 != origin } ?? origins.endIndex
      append(UInt32(truncatingIfNeeded: end - index), to: &output)
      append(origin.code, to: &output)
      index = end
    }
    return output
  }

  /// The origins of `count` rows; nil if `blob` is not what ``encode(_:)`` made of so many.
  static func decode(_ blob: UnsafeRawBufferPointer, count: Int) -> [MessageOrigin]? {
    guard blob.count % runSize == 0 else { return nil }
    var origins: [MessageOrigin] = []
    origins.reserveCapacity(count)
    for offset in stride(from: 0, to: blob.count, by: runSize) {
      let rows = Int(number(blob, offset))
      guard rows <= count - origins.count else { return nil }
      origins += repeatElement(MessageOrigin(code: number(blob, offset + 4)), count: rows)
    }
    return origins.count == count ? origins : nil
  }

  private init(code: UInt32) {
    switch code {
    case 0: self = .neverSent
    case .max: self = .unknown
    case let number: self = .settings(Int(number))
    }
  }

  private var code: UInt32 {
    switch self {
    case .settings(let number): UInt32(truncatingIfNeeded: number)
    case .neverSent: 0
    case .unknown: .max
    }
  }

  private static func append(_ number: UInt32, to output: inout ByteBuffer) {
    withUnsafeBytes(of: number.littleEndian) { output.append($0) }
  }

  private static func number(_ blob: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
