import Settings

/// Reads `guards:` of a sync and of the project's defaults.
struct GuardReader {
  /// The guards of a sync: each is the sync's own if it names it, else that of the defaults.
  func read(own: YAMLNode?, defaults: YAMLNode?) -> GuardSettings {
    var settings = GuardSettings()
    for node in [defaults, own] {
      guard let node,
        let map = MappingReader(node, .guards)
      else { continue }
      for name in Guard.allCases {
        guard let limit = map[name.rawValue].flatMap({ limit($0, of: name) }) else { continue }
        settings[name] = limit
      }
    }
    return settings
  }

  private func limit(_ node: YAMLNode, of name: Guard) -> GuardLimit? {
    if case .scalar(let text, _) = node.content {
      if text == "none" { return .unbounded }
      if YAMLNumber.isInteger(text), let count = YAMLNumber.json(text).flatMap({ Int($0) }),
        count >= 0
      {
        return .count(count)
      }
      if let percent = percent(text), percent <= name.percentMax ?? .greatestFiniteMagnitude {
        return .percent(percent)
      }
    }
    let percentages = name.percentMax == nil ? "such as 20%" : "from 0% to 100%"
    return node.expected("a number of rows from 0, a percentage \(percentages), or 'none'")
  }

  private func percent(_ text: String) -> Double? {
    let number = text.dropLast()
    guard text.hasSuffix("%"), number.utf8.first.map({ $0 != 43 && $0 != 45 }) ?? false else {
      return nil
    }
    return YAMLNumber.json(String(number)).flatMap { Double($0) }
  }
}
