import Settings

/// Reads `metrics:`.
struct MetricsReader {
  let directory: String

  func read(_ node: YAMLNode) -> MetricsSettings? {
    guard let map = MappingReader(node, .metrics) else { return nil }
    if map.entries.isEmpty {
      node.error("expected 'textfile' or 'pushgateway', found an empty map")
    }
    return MetricsSettings(
      textfile: map["textfile"].flatMap(file),
      pushgateway: map["pushgateway"].flatMap { SecretURL.read($0, isConfidential: false) }
    )
  }

  private func file(_ node: YAMLNode) -> String? {
    guard let text = node.string("the path of a file") else { return nil }
    guard text.hasSuffix(".prom"), !text.hasSuffix("/.prom") else {
      return node.expected(
        "the path of a file that ends in .prom",
        hint: "the node exporter reads no other"
      )
    }
    return FileAccess.path(text, from: directory)
  }
}
