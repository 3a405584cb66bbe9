public import Text
internal import Rows

public import Settings

/// Makes event ids: `evt_` and 128 bits in base32 (RFC 4648, lower case, no padding).
///
/// The bits are XXH3 of the state's id, the batch's token, the change and the row's key: the same
/// change sent again after a crash has the same id, every later change a new one.
public struct EventID: ~Copyable {
  /// Bytes of an id.
  public static let length = 30
  /// What stands for an id that only sending makes: no letter of base32 is a zero.
  public static let placeholder = "evt_" + String(repeating: "0", count: 26)

  private var input = ByteBuffer()
  private let prefixLength: Int
  private let isPreview: Bool

  /// Prepares for the batches of one state; without its id every event's is ``placeholder``.
  public init(stateID: String?) {
    isPreview = stateID == nil
    input.append(stateID ?? "")
    prefixLength = input.count
  }

  /// Begins a batch with its `token`.
  public mutating func begin(token: [UInt8]) {
    input.truncate(to: prefixLength)
    input.append(token)
  }

  /// Appends the id of a row's change; `key` is the row's key as COPY text.
  ///
  /// `suffix` tells several messages of one change apart.
  public mutating func append(
    _ change: Change,
    key: UnsafeRawBufferPointer,
    suffix: UInt8 = 0,
    to output: inout ByteBuffer
  ) {
    if isPreview { return output.append(Self.placeholder) }
    let start = input.count
    input.append(Self.letter(change))
    input.append(suffix)
    input.append(key)
    let hash = Hashing.hash128(input.bytes, seed: 0)
    input.truncate(to: start)
    output.append("evt_")
    Self.appendBase32(hash.high, hash.low, to: &output)
  }

  private static func letter(_ change: Change) -> UInt8 {
    switch change {
    case .added: UInt8(ascii: "a")
    case .changed: UInt8(ascii: "c")
    case .removed: UInt8(ascii: "r")
    }
  }

  /// 26 letters of 5 bits from the top; the last holds the 3 that are left, and 2 zeros.
  private static func appendBase32(_ high: UInt64, _ low: UInt64, to output: inout ByteBuffer) {
    let alphabet: StaticString = "abcdefghijklmnopqrstuvwxyz234567"
    let letters = alphabet.utf8Start
    output.append(upTo: 26) { room in
      var high = high
      var low = low
      for index in 0..<26 {
        room[index] = letters[Int(high >> 59)]
        high = high << 5 | low >> 59
        low <<= 5
      }
      return 26
    }
  }
}
