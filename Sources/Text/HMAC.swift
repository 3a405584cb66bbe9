/// HMAC (RFC 2104) over a digest with blocks of 64 bytes.
public enum HMAC {
  /// The code of `message` under `key`; `digest` makes the hash.
  public static func code(
    _ message: [UInt8],
    key: [UInt8],
    _ digest: ([UInt8]) -> [UInt8]
  ) -> [UInt8] {
    var block = key.count > 64 ? digest(key) : key
    block.append(contentsOf: repeatElement(0, count: 64 - block.count))
    let inner = digest(block.map { $0 ^ 0x36 } + message)
    return digest(block.map { $0 ^ 0x5C } + inner)
  }
}
