/// Changing the case of text that is ASCII throughout, without asking Unicode's tables.
enum ASCIICase {
  /// In small letters, nil where the text is not ASCII.
  static func lowered(_ text: String) -> String? {
    mapped(text) { byte, _ in byte &- 0x41 < 26 ? byte | 0x20 : byte }
  }

  /// In capitals, nil where the text is not ASCII.
  static func raised(_ text: String) -> String? {
    mapped(text) { byte, _ in byte &- 0x61 < 26 ? byte & 0xDF : byte }
  }

  /// The first in capitals and the rest small, nil where the text is not ASCII.
  static func capitalized(_ text: String) -> String? {
    mapped(text) { byte, isFirst in
      if isFirst { return byte &- 0x61 < 26 ? byte & 0xDF : byte }
      return byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
  }

  @inline(__always) private static func mapped(
    _ text: String,
    _ map: (UInt8, Bool) -> UInt8
  ) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var high: UInt8 = 0
      for byte in bytes { high |= byte }
      guard high < 0x80 else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { result in
        for index in bytes.indices { result[index] = map(bytes[index], index == 0) }
        return bytes.count
      }
    }
  }
}
