import Settings

/// Reads `limits:`, what one rendering of a template may use.
struct LimitReader {
  static let outputMax = 64 << 20
  static let iterationsMax = 1_000_000_000

  /// The defaults where `node` says nothing or something wrong.
  func read(_ node: YAMLNode?) -> TemplateSettings {
    var settings = TemplateSettings()
    guard let node else { return settings }
    guard let map = MappingReader(node, .limits) else { return settings }
    if let time = map["render"]?.duration("a time", in: .milliseconds(1)...(.seconds(3600))) {
      settings.renderTime = time
    }
    if let size = map["output"].flatMap(size) { settings.outputBytes = size }
    let iterations = 1...Self.iterationsMax
    if let count = map["iterations"]?.integer("a number of rounds", in: iterations) {
      settings.iterations = count
    }
    return settings
  }

  private func size(_ node: YAMLNode) -> Int? {
    if case .scalar(let text, _) = node.content, let size = ByteSizeText.parse(text),
      (1...Self.outputMax).contains(size)
    {
      return size
    }
    return node.expected(
      "a size from 1 to \(Self.outputMax >> 20)MiB",
      hint: "write 1MiB, 512KiB or a number of bytes"
    )
  }
}
