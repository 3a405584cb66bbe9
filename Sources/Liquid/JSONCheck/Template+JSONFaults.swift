extension Template {
  /// What makes the output of a template in JSON mode invalid JSON for every row that comes there,
  /// in the order of the source; in text mode nothing.
  ///
  /// What can be right for some rows is not told. Faults of partials carry the partial's name. For
  /// checking, not for each row: it reads the sources again.
  public var jsonFaults: [LiquidError] {
    guard library.options.mode == .json else { return [] }
    let text = SourceText(bytes: Array(source.utf8), name: name)
    var check = JSONCheck(library.parts(of: text))
    check.run()
    return check.flaws.sorted { $0.key < $1.key }.map { place, fault in
      let source = check.parts[place.source].source
      return LiquidError(
        fault,
        offset: place.offset,
        template: source.name,
        source: source.bytes
      )
    }
  }
}

extension PartialLibrary {
  /// A template and everything that it names in so many words, read.
  func parts(of source: SourceText) -> [JSONCheck.Part] {
    var parts: [JSONCheck.Part] = []
    var seen: Set<String> = []
    var waiting = [source]
    while let next = waiting.popLast() {
      var parser = TemplateParser(next, options: options)
      guard let statements = try? parser.parse() else { continue }
      parts.append(JSONCheck.Part(source: next, statements: statements))
      for partial in parser.partials where seen.insert(partial.name).inserted {
        guard let text = self.text(of: partial.name) else { continue }
        waiting.append(SourceText(bytes: Array(text.utf8), name: partial.name))
      }
    }
    return parts
  }
}
