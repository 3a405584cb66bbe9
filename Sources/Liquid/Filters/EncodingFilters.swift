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
    case .base64Encode: return .string(Base64.encoded(bytes, isURLSafe: false))
    case .base64URLSafeEncode: return .string(Base64.encoded(bytes, isURLSafe: true))
    case .base64Decode, .base64URLSafeDecode:
      let isURLSafe = filter == .base64URLSafeDecode
      guard let decoded = Base64.decoded(bytes, isURLSafe: isURLSafe) else {
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
        result.append(UInt8(ascii: "%"))
        result.append(Hexadecimal.digit(byte >> 4, isUpper: true))
        result.append(Hexadecimal.digit(byte & 15, isUpper: true))
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

/// Hexadecimal digits.
enum Hexadecimal {
  static func digit(_ value: UInt8, isUpper: Bool = false) -> UInt8 {
    value < 10 ? 0x30 + value : (isUpper ? 0x41 : 0x61) + value - 10
  }

  static func value(_ digit: UInt8) -> UInt8? {
    if digit.isDigit { return digit - 0x30 }
    let lower = digit | 0x20
    return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : nil
  }

  static func text(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

/// Base64 by RFC 4648.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  static func encoded(_ bytes: [UInt8], isURLSafe: Bool) -> String {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var position = 0
    while position < bytes.count {
      let count = min(3, bytes.count - position)
      var group: UInt32 = 0
      for index in 0..<3 {
        group = group << 8 | (index < count ? UInt32(bytes[position + index]) : 0)
      }
      for index in 0..<4 {
        let code = alphabet[Int(group >> (18 - 6 * UInt32(index))) & 63]
        result.append(index <= count ? (isURLSafe ? safe(code) : code) : UInt8(ascii: "="))
      }
      position += 3
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func safe(_ code: UInt8) -> UInt8 {
    code == UInt8(ascii: "+")
      ? UInt8(ascii: "-") : code == UInt8(ascii: "/") ? UInt8(ascii: "_") : code
  }

  /// Nil if the text is not base64; the padding may only be missing in the URL-safe form.
  static func decoded(_ text: [UInt8], isURLSafe: Bool) -> [UInt8]? {
    var text = text
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    text.removeLast(padding)
    guard text.count % 4 != 1 else { return nil }
    let isPadded = (text.count + padding) % 4 == 0
    guard isPadded || (isURLSafe && padding == 0) else { return nil }
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      guard let value = value(byte, isURLSafe) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return result
  }

  private static func value(_ byte: UInt8, _ isURLSafe: Bool) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): isURLSafe ? nil : 62
    case UInt8(ascii: "/"): isURLSafe ? nil : 63
    case UInt8(ascii: "-"): isURLSafe ? 62 : nil
    case UInt8(ascii: "_"): isURLSafe ? 63 : nil
    default: nil
    }
  }
}
