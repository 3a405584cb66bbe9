internal import COpenSSL

/// OpenSSL.
public enum TLSLibrary {
  /// The version that this process uses, as in `3.0.16`.
  public static var version: String {
    // The text is `OpenSSL 3.0.16 11 Feb 2025`.
    let words = String(cString: OpenSSL_version(OPENSSL_VERSION)).split(separator: " ")
    return words.dropFirst().first.map(String.init) ?? "unknown"
  }
}
