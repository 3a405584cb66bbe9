import Text

/// Name-based UUIDs by SHA-1 (RFC 9562, 5.5).
enum UUIDV5 {
  /// The namespaces of RFC 9562, 6.6, by name.
  private static let namespaces = [
    "dns": "6ba7b8109dad11d180b400c04fd430c8", "url": "6ba7b8119dad11d180b400c04fd430c8",
    "oid": "6ba7b8129dad11d180b400c04fd430c8", "x500": "6ba7b8149dad11d180b400c04fd430c8",
  ]

  static func text(_ name: [UInt8], namespace: String) throws(Fault) -> String {
    let digits = Array((namespaces[namespace] ?? namespace).utf8.filter { $0 != 0x2D })
    guard digits.count == 32, let bytes = Hexadecimal.bytes(of: digits) else {
      throw .argument("uuid_v5 wants a UUID, or dns, url, oid or x500, as its namespace")
    }
    var uuid = Array(SHA1.digest(bytes + name).prefix(16))
    uuid[6] = uuid[6] & 0x0F | 0x50
    uuid[8] = uuid[8] & 0x3F | 0x80
    var text = ""
    for (index, part) in [uuid[..<4], uuid[4..<6], uuid[6..<8], uuid[8..<10], uuid[10...]]
      .enumerated()
    {
      text += (index > 0 ? "-" : "") + Hexadecimal.text(Array(part))
    }
    return text
  }
}
