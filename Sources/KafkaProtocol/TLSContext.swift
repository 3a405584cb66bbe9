import Blocking
import COpenSSL
import Glibc
import Settings

/// Sole owner of one `SSL_CTX *`: the authorities, the client's certificate and its key.
final class TLSContext: Sendable {
  // Unsafe for the compiler only: OpenSSL counts references and locks; nothing changes after init.
  nonisolated(unsafe) let pointer: OpaquePointer
  let verifies: Bool

  init(_ settings: LoginSettings.TLS) throws(LoginError) {
    guard let pointer = SSL_CTX_new(TLS_client_method()) else {
      throw LoginError(.setting, "OpenSSL does not start")
    }
    self.pointer = pointer
    verifies = settings.verify
    _ = sluice_ssl_context_require_tls12(pointer)
    _ = sluice_ssl_context_allow_partial_writes(pointer)
    // The session looks at the result itself, so that it can say whose certificate failed and why.
    SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil)
    if let authorities = settings.authorities {
      try trust(authorities)
    } else {
      SSL_CTX_set_default_verify_paths(pointer)
    }
    if let certificate = settings.certificate { try use(certificate: certificate) }
    if let key = settings.privateKey { try use(key: key, settings.privateKeyPassword) }
  }

  deinit {
    SSL_CTX_free(pointer)
  }

  private func trust(_ material: Material) throws(LoginError) {
    let certificates = try Self.certificates(material, "ca")
    defer { for certificate in certificates { X509_free(certificate) } }
    let store = SSL_CTX_get_cert_store(pointer)
    for certificate in certificates { X509_STORE_add_cert(store, certificate) }
  }

  private func use(certificate material: Material) throws(LoginError) {
    let certificates = try Self.certificates(material, "certificate")
    defer { for certificate in certificates { X509_free(certificate) } }
    guard let first = certificates.first, SSL_CTX_use_certificate(pointer, first) == 1 else {
      throw LoginError(.setting, "certificate: OpenSSL refuses it")
    }
    for certificate in certificates.dropFirst() {
      _ = sluice_ssl_context_add_chain(pointer, certificate)
    }
  }

  private func use(key material: Material, _ password: Secret?) throws(LoginError) {
    let bytes = try material.bytes("private_key")
    guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
      throw LoginError(.setting, "private_key: out of memory")
    }
    defer { BIO_free(bio) }
    var phrase = Array((password?.exposed ?? "").utf8CString)
    let key = phrase.withUnsafeMutableBytes { phrase in
      // With a callback of our own OpenSSL never asks on the terminal.
      PEM_read_bio_PrivateKey(
        bio,
        nil,
        { buffer, size, _, phrase in
          guard let buffer, let phrase else { return 0 }
          let count = strlen(phrase.assumingMemoryBound(to: CChar.self))
          guard count > 0, count <= Int(size) else { return 0 }
          memcpy(buffer, phrase, count)
          return Int32(count)
        },
        phrase.baseAddress
      )
    }
    ERR_clear_error()
    guard let key else {
      let advice =
        password == nil ? "is it encrypted? then say `password`" : "is its password right?"
      throw LoginError(.setting, "private_key: not a key in PEM, or encrypted", hint: advice)
    }
    defer { EVP_PKEY_free(key) }
    guard SSL_CTX_use_PrivateKey(pointer, key) == 1, SSL_CTX_check_private_key(pointer) == 1 else {
      ERR_clear_error()
      throw LoginError(.setting, "private_key: does not belong to the certificate")
    }
  }

  private static func certificates(
    _ material: Material,
    _ name: String
  ) throws(LoginError) -> [OpaquePointer] {
    let bytes = try material.bytes(name)
    guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { return [] }
    defer { BIO_free(bio) }
    var certificates: [OpaquePointer] = []
    while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) {
      certificates.append(certificate)
    }
    // The end of the text is an error to OpenSSL, too.
    ERR_clear_error()
    guard !certificates.isEmpty else {
      throw LoginError(.setting, "\(name): no certificate in PEM \(material.place)")
    }
    return certificates
  }
}

extension Material {
  /// Where it is, for errors.
  var place: String {
    switch self {
    case .file(let path): "in \(path)"
    case .text: "in its text"
    }
  }

  /// Its bytes; files are read up to 1 MiB.
  func bytes(_ name: String) throws(LoginError) -> [UInt8] {
    switch self {
    case .text(let text): return Array(text.exposed.utf8)
    case .file(let path):
      guard let bytes = SmallFile.read(path, upTo: 1 << 20) else {
        throw LoginError(.setting, "\(name): cannot read \(path): \(SystemError.text())")
      }
      return bytes
    }
  }
}
