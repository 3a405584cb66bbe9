import Text
import COpenSSL

/// Hashes and randomness, by OpenSSL.
enum Cryptography {
  /// A hash by OpenSSL's name for it: `SHA256`, `SHA512`.
  static func hash(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    var size: UInt32 = 0
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    guard EVP_Digest(bytes, bytes.count, &digest, &size, EVP_get_digestbyname(name), nil) == 1
    else { return [] }
    return Array(digest.prefix(Int(size)))
  }

  /// A keyed hash.
  static func hmac(_ name: String, key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var size: UInt32 = 0
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    let hash = EVP_get_digestbyname(name)
    guard HMAC(hash, key, Int32(key.count), bytes, bytes.count, &digest, &size) != nil else {
      return []
    }
    return Array(digest.prefix(Int(size)))
  }

  /// PBKDF2 with HMAC, which SCRAM calls Hi.
  static func stretch(
    _ name: String,
    password: [UInt8],
    salt: [UInt8],
    iterations: Int
  ) -> [UInt8] {
    let hash = EVP_get_digestbyname(name)
    var key = [UInt8](repeating: 0, count: Int(EVP_MD_get_size(hash)))
    let code = password.withUnsafeBytes { password in
      PKCS5_PBKDF2_HMAC(
        password.assumingMemoryBound(to: CChar.self).baseAddress,
        Int32(password.count),
        salt,
        Int32(salt.count),
        Int32(clamping: iterations),
        hash,
        Int32(key.count),
        &key
      )
    }
    return code == 1 ? key : []
  }

  /// Bytes that nobody can guess; nil when the system has none.
  static func random(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return RAND_bytes(&bytes, Int32(count)) == 1 ? bytes : nil
  }

  /// Compares in a time that does not depend on the bytes.
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && !one.isEmpty && CRYPTO_memcmp(one, other, one.count) == 0
  }
}
