internal import Text

/// Takes secrets out of texts that others made: a driver's message may repeat a password.
///
/// A secret is found as it is, as JSON and URIs write it, and in pieces: whatever shares
/// ``pieceLength`` bytes or more with a secret is replaced by three asterisks.
public struct Redaction: Sendable {
  /// The shortest piece of a longer secret that is hidden, in bytes.
  public static let pieceLength = 12
  /// Shorter secrets would be found everywhere, and show nothing but their length.
  private static let lengthMin = 4
  private let secrets: [[UInt8]]
  private let pieces: Set<ArraySlice<UInt8>>

  /// Hides `secrets`.
  public init(_ secrets: [Secret]) {
    var forms: Set<[UInt8]> = []
    for secret in secrets where secret.exposed.utf8.count >= Self.lengthMin {
      forms.formUnion(Self.forms(of: Array(secret.exposed.utf8)))
    }
    // The longest first: one may be part of another.
    self.secrets = forms.sorted { $0.count > $1.count }
    var pieces: Set<ArraySlice<UInt8>> = []
    for form in forms where form.count > Self.pieceLength {
      for start in 0...(form.count - Self.pieceLength) {
        pieces.insert(form[start..<start + Self.pieceLength])
      }
    }
    self.pieces = pieces
  }

  /// `text` with every secret and every piece of one replaced by `***`.
  public func apply(to text: String) -> String {
    if secrets.isEmpty { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var isFound = false
    var index = 0
    while index < bytes.count {
      let length = secretLength(at: index, in: bytes)
      if length > 0 {
        result += "***".utf8
        isFound = true
        index += length
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return isFound ? String(decoding: result, as: UTF8.self) : text
  }

  /// How many bytes from `index` belong to a secret; 0 for none.
  private func secretLength(at index: Int, in bytes: [UInt8]) -> Int {
    let rest = bytes[index...]
    if let whole = secrets.first(where: { rest.starts(with: $0) }) { return whole.count }
    var end = index
    while end + Self.pieceLength <= bytes.count,
      pieces.contains(bytes[end..<end + Self.pieceLength])
    {
      end += 1
    }
    return end == index ? 0 : end - index + Self.pieceLength - 1
  }

  /// The secret as it is, inside of JSON, and percent-encoded.
  private static func forms(of secret: [UInt8]) -> [[UInt8]] {
    var json: [UInt8] = []
    for byte in secret {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        json.append(UInt8(ascii: "\\"))
      }
      json.append(byte)
    }
    return [secret, json, PercentEncoding.bytes(secret)]
  }
}
