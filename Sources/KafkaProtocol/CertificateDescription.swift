import COpenSSL

/// What a certificate says about itself.
public struct CertificateDescription: Sendable, Hashable, CustomStringConvertible {
  /// Whom it is for.
  public let subject: String
  /// Who signed it.
  public let issuer: String
  /// From when on it is valid.
  public let notBefore: String
  /// Until when it is valid.
  public let notAfter: String
  /// The host names and addresses it is for.
  public let names: [String]

  /// Reads an `X509 *`.
  init(_ certificate: OpaquePointer) {
    subject = Self.name(X509_get_subject_name(certificate))
    issuer = Self.name(X509_get_issuer_name(certificate))
    notBefore = Self.time(X509_get0_notBefore(certificate))
    notAfter = Self.time(X509_get0_notAfter(certificate))
    names = Self.names(certificate)
  }

  /// Subject, issuer and expiry in one line.
  public var description: String { "subject \(subject), issuer \(issuer), expires \(notAfter)" }

  private static func name(_ name: OpaquePointer?) -> String {
    print { sluice_x509_print_name($0, name) }
  }

  private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> String {
    print { ASN1_TIME_print($0, time) }
  }

  private static func names(_ certificate: OpaquePointer) -> [String] {
    let index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
    guard index >= 0, let list = X509_get_ext(certificate, index) else { return [] }
    return print { X509V3_EXT_print($0, list, 0, 0) }.split(separator: ",").map { part in
      let trimmed = part.drop { $0 == " " }
      return String(trimmed.split(separator: ":", maxSplits: 1).last ?? trimmed)
    }
  }

  private static func print(_ body: (OpaquePointer) -> Int32) -> String {
    guard let bio = BIO_new(BIO_s_mem()) else { return "?" }
    defer { BIO_free(bio) }
    _ = body(bio)
    var bytes: UnsafeMutablePointer<CChar>?
    let count = sluice_bio_memory(bio, &bytes)
    guard let bytes, count > 0 else { return "?" }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
