import Text
import Values

/// Base64, URLs, digests and identifiers.
enum EncodingFilters {
  static func apply(
    _ filter: Filter,
    _ input: Operand,
    _ arguments: Arguments
  ) throws(Fault) -> Operand {
    let text = FilterText.text(input)
    let bytes = Array(text.utf8)
    switch filter {
    case .base64Encode: return .string(Base64.text(bytes))
    case .base64URLSafeEncode: return .string(Base64.text(bytes, .urlSafe))
    case .base64Decode, .base64URLSafeDecode:
      let isURLSafe = filter == .base64URLSafeDecode
      guard let decoded = Base64.bytes(of: bytes, isURLSafe ? .urlSafe : .standard) else {
        throw .argument("invalid base64 provided to \(filter.rawValue)")
      }
      return .string(String(decoding: decoded, as: UTF8.self))
    case .urlEncode: return input.isNull ? .null : .string(urlEncoded(bytes))
    case .urlDecode: return input.isNull ? .null : .string(try urlDecoded(bytes))
    case .sha1: return .string(Hexadecimal.text(SHA1.digest(bytes)))
    case .sha256: return .string(Hexadecimal.text(SHA256.digest(bytes)))
    case .md5: return .string(Hexadecimal.text(MD5.digest(bytes)))
    case .hmacSHA1:
      let key = Array(arguments.text(0).utf8)
      return .string(Hexadecimal.text(HMAC.code(bytes, key: key, SHA1.digest)))
    case .hmacSHA256:
      let key = Array(arguments.text(0).utf8)
      return .string(Hexadecimal.text(HMAC.code(bytes, key: key, SHA256.digest)))
    default: return .string(try UUIDV5.text(bytes, namespace: arguments.text(0)))
    }
  }

  /// As forms are encoded: a space is `+`.
  private static func urlEncoded(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      if byte.isWord || byte == 0x2A || byte == 0x2D || byte == 0x2E || byte == 0x7E {
        result.append(byte)
      } else if byte == UInt8(ascii: " ") {
        result.append(UInt8(ascii: "+"))
      } else {
        result += PercentEncoding.octet(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func urlDecoded(_ bytes: [UInt8]) throws(Fault) -> String {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "%"), position + 2 < bytes.count,
        let high = Hexadecimal.value(bytes[position + 1]),
        let low = Hexadecimal.value(bytes[position + 2])
      {
        result.append(high << 4 | low)
        position += 3
        continue
      }
      result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      position += 1
    }
    guard let text = String(validating: result, as: UTF8.self) else {
      throw .argument("invalid byte sequence in UTF-8")
    }
    return text
  }
}
