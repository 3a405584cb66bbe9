import Text
import Values

extension Filter {
  /// Base64, URLs, digests and identifiers.
  static let encodings: [Filter] = [
    bytes("base64_encode") { bytes, _ in Base64.text(bytes) },
    bytes("base64_url_safe_encode") { bytes, _ in Base64.text(bytes, .urlSafe) },
    base64Decoding("base64_decode", .standard),
    base64Decoding("base64_url_safe_decode", .urlSafe),
    Filter("url_encode", arity: 0...0) { _, input, _ in
      input.isNull ? .null : .string(FormEncoding.encoded(Array(FilterText.text(input).utf8)))
    },
    Filter("url_decode", arity: 0...0) { (_, input, _) throws(Fault) in
      if input.isNull { return .null }
      return .string(try FormEncoding.decoded(Array(FilterText.text(input).utf8)))
    },
    bytes("sha1") { bytes, _ in Hexadecimal.text(SHA1.digest(bytes)) }.asOwn,
    bytes("sha256") { bytes, _ in Hexadecimal.text(SHA256.digest(bytes)) }.asOwn,
    bytes("md5") { bytes, _ in Hexadecimal.text(MD5.digest(bytes)) }.asOwn,
    bytes("hmac_sha1", arity: 1...1) { bytes, key in
      Hexadecimal.text(HMAC.code(bytes, key: Array(key.utf8), SHA1.digest))
    }.asOwn,
    bytes("hmac_sha256", arity: 1...1) { bytes, key in
      Hexadecimal.text(HMAC.code(bytes, key: Array(key.utf8), SHA256.digest))
    }.asOwn,
    bytes("uuid_v5", arity: 1...1) { (bytes, namespace) throws(Fault) in
      try UUIDV5.text(bytes, namespace: namespace)
    }.asOwn,
  ]

  private static func bytes(
    _ name: String,
    arity: ClosedRange<Int> = 0...0,
    result: @escaping @Sendable ([UInt8], String) throws(Fault) -> String
  ) -> Filter {
    Filter(name, arity: arity) { (_, input, arguments) throws(Fault) in
      .string(try result(Array(FilterText.text(input).utf8), arguments.text(0)))
    }
  }

  private static func base64Decoding(_ name: String, _ alphabet: Base64.Alphabet) -> Filter {
    bytes(name) { (bytes, _) throws(Fault) in
      guard let decoded = Base64.bytes(of: bytes, alphabet) else {
        throw .argument("invalid base64 provided to \(name)")
      }
      return String(decoding: decoded, as: UTF8.self)
    }
  }
}
