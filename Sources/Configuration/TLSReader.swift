import Settings

/// Reads how a destination speaks TLS: `tls`, `ca`, `certificate` and `private_key`.
struct TLSReader {
  let directory: String

  /// TLS as the keys of a destination say; nil for none.
  func read(_ map: MappingReader) -> LoginSettings.TLS? {
    guard var tls = map["tls"].map(tls) ?? LoginSettings.TLS() else {
      for key in ["ca", "certificate", "private_key"] {
        map.entry(key)?.error(
          "'\(key)' needs TLS",
          hint: "leave out 'tls: false', or this key",
          kind: .contradiction
        )
      }
      return nil
    }
    let files = PEMReader(directory: directory)
    tls.authorities = map["ca"].flatMap { files.read($0, .certificate) }
    if !tls.verify {
      map.entry("ca")?.error(
        "'ca' has no effect where certificates are not checked",
        hint: "leave out 'verify: false', or this key",
        kind: .contradiction
      )
    }
    readIdentity(map, files, into: &tls)
    return tls
  }

  private func tls(_ node: YAMLNode) -> LoginSettings.TLS? {
    guard case .mapping = node.content else {
      if case .sequence = node.content {
        return node.expected("true, false or {verify: false}") ?? LoginSettings.TLS()
      }
      return node.boolean() == false ? nil : LoginSettings.TLS()
    }
    var tls = LoginSettings.TLS()
    let map = MappingReader(node, .tls)
    guard let verify = map?.required("verify")?.boolean() else { return tls }
    tls.verify = verify
    if !verify {
      node.remark(
        .warning,
        "the broker's certificate is not checked: anybody on the way can read and change everything",
        hint: "this is for tests; to trust an authority of your own, write 'ca'"
      )
    }
    return tls
  }

  private func readIdentity(
    _ map: MappingReader,
    _ files: PEMReader,
    into tls: inout LoginSettings.TLS
  ) {
    tls.certificate = map["certificate"].flatMap { files.read($0, .certificate) }
    if let node = map["private_key"] {
      (tls.privateKey, tls.privateKeyPassword) = files.readKey(node)
    }
    for (key, other) in [("certificate", "private_key"), ("private_key", "certificate")]
    where map[other] == nil {
      map.entry(key)?.error(
        "'\(key)' needs '\(other)'",
        hint: "mutual TLS takes both",
        kind: .contradiction
      )
    }
  }
}

/// Reads PEM: a path, the text itself, or `{file: PATH}`.
struct PEMReader {
  enum Kind {
    case certificate
    case privateKey

    var noun: String { self == .certificate ? "a certificate" : "a private key" }
    /// What begins every text of this kind.
    var label: String { self == .certificate ? "CERTIFICATE-----" : "PRIVATE KEY-----" }
  }

  let directory: String

  func read(_ node: YAMLNode, _ kind: Kind) -> Material? {
    guard case .mapping = node.content else { return material(node, kind) }
    let map = MappingReader(node, KeyTable.certificate.called(kind.noun))
    return map?.required("file").flatMap { material($0, kind) }
  }

  /// A key, and the password that it is encrypted with.
  func readKey(_ node: YAMLNode) -> (Material?, Secret?) {
    guard case .mapping = node.content else { return (material(node, .privateKey), nil) }
    guard let map = MappingReader(node, .privateKey) else { return (nil, nil) }
    let key = map.required("file").flatMap { material($0, .privateKey) }
    return (key, map["password"]?.text("the password of the key").map { Secret($0) })
  }

  private func material(_ node: YAMLNode, _ kind: Kind) -> Material? {
    guard let text = node.string("\(kind.noun): the path of a file, or its PEM text") else {
      return nil
    }
    if text.contains("-----BEGIN ") {
      if text.contains(kind.label) { return .text(Secret(text)) }
      node.error("this PEM text is not \(kind.noun)")
      return nil
    }
    let path = FileAccess.path(text, from: directory)
    if !FileAccess.exists(path) {
      // No error: the files of a project are often checked where its certificates are not.
      node.remark(.warning, "there is no file \(node.isSecret ? "of this name" : text.quoted)")
    }
    return .file(path)
  }
}
