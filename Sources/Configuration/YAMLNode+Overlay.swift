extension YAMLNode {
  /// The value under `key`; nil if this is not a map or does not have it.
  func value(under key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  /// This value with `overlay` laid over it: maps merge, anything else replaces, null removes.
  ///
  /// Each value keeps the file it was written in, so that what is wrong with it is told there.
  /// A null that removes nothing is told.
  func overlaid(by overlay: YAMLNode) -> YAMLNode {
    guard case .mapping(let top) = overlay.content else { return overlay }
    guard case .mapping(let base) = content else { return overlay.withoutRemovals }
    var merged: [YAMLEntry] = []
    for entry in base {
      guard let over = top.first(where: { $0.key == entry.key }) else {
        merged.append(entry)
        continue
      }
      if over.value.isNull { continue }
      let value = entry.value.overlaid(by: over.value)
      merged.append(YAMLEntry(key: over.key, keyRange: over.keyRange, value: value))
    }
    for entry in top where !base.contains(where: { $0.key == entry.key }) {
      if let kept = entry.kept { merged.append(kept) }
    }
    return overlay.with(.mapping(merged))
  }

  /// Itself where nothing lies below it: what it removes is not there.
  fileprivate var withoutRemovals: YAMLNode {
    guard case .mapping(let entries) = content else { return self }
    return with(.mapping(entries.compactMap(\.kept)))
  }

  fileprivate var isNull: Bool {
    if case .scalar(let text, let isPlain) = content {
      return ScalarKind(text, isPlain: isPlain) == .null
    }
    return false
  }

  private func with(_ content: Content) -> YAMLNode {
    YAMLNode(content: content, range: range, source: source, isSecret: isSecret, uses: uses)
  }
}

extension YAMLEntry {
  /// The entry of an overlay where nothing lies below it; nil, and a warning, for a null.
  fileprivate var kept: YAMLEntry? {
    if value.isNull {
      value.source.error(
        at: keyRange,
        "\(key.quoted) is not in \(Configuration.projectFile): null removes nothing here",
        severity: .warning
      )
      return nil
    }
    return YAMLEntry(key: key, keyRange: keyRange, value: value.withoutRemovals)
  }
}
