import Settings

/// Reads `sources:`.
struct SourceReader {
  let directory: String

  func read(_ node: YAMLNode, name: String) -> SourceSettings? {
    guard let entries = node.entries("a source") else { return nil }
    guard let type = entries.first(where: { $0.key == "type" }) else {
      node.error(
        "the key 'type' is missing",
        hint: "write 'type: postgres' or 'type: sqlite'",
        kind: .missingKey
      )
      return nil
    }
    switch type.value.choice(of: KeyVariants.source.choices, "a type of source") {
    case "postgres": return postgres(node)
    case "sqlite": return sqlite(node)
    default: return nil
    }
  }

  private func sqlite(_ node: YAMLNode) -> SourceSettings? {
    guard let map = MappingReader(node, .sqlite) else { return nil }
    let isImmutable = map["immutable"].map { $0.boolean() } ?? false
    let identity = map["identity"].flatMap { $0.text("a text") }
    guard let path = map.required("path") else { return nil }
    // What is not set has been reported; its type is enough for commands that open nothing.
    if path.lacksVariable { return .sqlite(path: "", isImmutable: false) }
    guard let text = path.string("the path of a file"), let isImmutable else { return nil }
    if text == ":memory:" || text.hasPrefix("file:") {
      path.error("expected the path of a file, found \(path.described)")
      return nil
    }
    let full = FileAccess.path(text, from: directory)
    return .sqlite(
      path: full,
      isImmutable: isImmutable,
      shown: FileAccess.shown(full, in: directory),
      identity: identity
    )
  }

  private func postgres(_ node: YAMLNode) -> SourceSettings? {
    guard let map = MappingReader(node, .postgres) else { return nil }
    for keyword in ["host", "hostaddr", "port", "dbname", "service"] {
      map.exclude("url", keyword, hint: "say it in the url, or write keys only")
    }
    var parameters: [(keyword: String, value: Secret)] = []
    if let url = map["url"] {
      parameters += self.url(url)
    } else if map["service"] == nil {
      _ = map.required("dbname", hint: "or write 'url: ${DATABASE_URL}'")
    }
    for entry in map.entries where PostgresKeywords.all.contains(entry.key) {
      if let text = PostgresKeywords.check(entry) { parameters.append(parameter(entry.key, text)) }
    }
    let session = map["session"].map { self.session($0) } ?? []
    let identity = map["identity"].flatMap { $0.text("a text") }
    return .postgres(parameters: parameters, session: session, identity: identity)
  }

  private func parameter(_ keyword: String, _ text: String) -> (keyword: String, value: Secret) {
    let isPath = PostgresKeywords.paths.contains(keyword) && text != "system"
    return (keyword, Secret(isPath ? FileAccess.path(text, from: directory) : text))
  }

  private func url(_ node: YAMLNode) -> [(keyword: String, value: Secret)] {
    guard let text = node.string("a connection URI") else { return [] }
    do throws(ConnectionString.Failure) {
      let parameters = try ConnectionString.parse(text)
      for (keyword, value) in parameters where PostgresKeywords.isSecret(keyword) {
        node.source.report.keepSecret(value)
      }
      return parameters.map { parameter($0.keyword, $0.value) }
    } catch {
      node.error(error.message, hint: error.hint)
      return []
    }
  }

  private func session(_ node: YAMLNode) -> [(String, String)] {
    var result: [(String, String)] = []
    for entry in node.entries("session settings") ?? [] {
      if let reason = PostgresSession.reason(against: entry.key) {
        entry.error("\(entry.key.quoted) cannot be set: \(reason)")
      } else if !PostgresKeywords.isSettingName(entry.key) {
        entry.error("\(entry.key.quoted) is not the name of a Postgres setting")
      } else if let text = entry.value.text("a value for \(entry.key)") {
        result.append((entry.key, text))
      }
    }
    return result
  }
}

/// Reads `brokers:`.
struct BrokerReader {
  func read(_ node: YAMLNode) -> DestinationSettings.Brokers? {
    if case .scalar("embedded", _) = node.content { return .embedded }
    guard let items = node.items("brokers as host:port, or 'embedded'") else { return nil }
    var addresses: [String] = []
    for item in items {
      guard let text = item.string("a broker as host:port") else { continue }
      var parts = text.split(separator: ",", omittingEmptySubsequences: false)
        .map(\.trimmingSpaces)
      // A list that a program wrote often ends in a comma.
      if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
      for part in parts {
        let address = String(part)
        if check(address, at: item) { addresses.append(address) }
      }
    }
    if items.isEmpty { node.error("expected brokers as host:port, found an empty list") }
    return addresses.isEmpty ? nil : .addresses(addresses)
  }

  private func check(_ address: String, at node: YAMLNode) -> Bool {
    let shown = node.isSecret ? "this" : address.quoted
    if address.contains("://") {
      node.error("\(shown) is not a broker", hint: "write host:port; 'tls' says whether to use TLS")
      return false
    }
    guard let (host, port) = split(address), isHost(host), port.map(isPort) ?? true else {
      node.error("\(shown) is not a broker", hint: "write host:port")
      return false
    }
    return true
  }

  /// Host and port of `host`, `host:port`, `[v6]` or `[v6]:port`.
  private func split(_ address: String) -> (host: Substring, port: Substring?)? {
    if address.hasPrefix("[") {
      guard let end = address.firstIndex(of: "]") else { return nil }
      let host = address[address.index(after: address.startIndex)..<end]
      let rest = address[address.index(after: end)...]
      guard host.contains(":") else { return nil }
      if rest.isEmpty { return (host.filter { $0 != ":" }[...], nil) }
      return rest.hasPrefix(":") ? (host.filter { $0 != ":" }[...], rest.dropFirst()) : nil
    }
    let parts = address.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let host = parts.first else { return nil }
    return (host, parts.count == 2 ? parts[1] : nil)
  }

  private func isHost(_ host: Substring) -> Bool {
    !host.isEmpty
      && host.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "-._0123456789%".unicodeScalars.contains($0)
      }
  }

  private func isPort(_ port: Substring) -> Bool {
    port.utf8.allSatisfy { (48...57).contains($0) }
      && (Int(port).map { (1...65_535).contains($0) } ?? false)
  }
}

extension Substring {
  /// Without spaces at both ends.
  var trimmingSpaces: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
