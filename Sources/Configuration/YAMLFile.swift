import Settings
import CYAML

/// Reads the one document of a YAML file.
struct YAMLFile {
  /// Longest file that is read, in bytes.
  static let sizeMax = 1 << 20

  let source: SourceText
  let interpolation: Interpolation
  /// Top-level keys below which every `${…}` is a secret.
  var connectionKeys: Set<String> = []
  /// What is laid over this file: values that it replaces refer to nothing.
  var overlay: YAMLNode?

  /// The document's root; nil after an error, which is reported, and for an empty file.
  ///
  /// `text` is what the parser sees when it is not the whole of the source: it must be as long, so
  /// that positions are the same.
  func root(parsing text: [Unicode.Scalar]? = nil) -> YAMLNode? {
    let text = text ?? source.scalars
    if let place = Self.excessiveNesting(in: text) {
      source.error(at: place..<place + 1, YAMLTreeBuilder.depthMessage, kind: .syntax)
      return nil
    }
    let shielded = ReferenceShield.raise(text)
    var bytes = Array(String(String.UnicodeScalarView(shielded ?? text)).utf8)
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      source.error(at: 0..<0, "out of memory", kind: .system)
      return nil
    }
    defer { yaml_parser_delete(&parser) }
    // libyaml reads from the buffer until the parser is deleted: all of it happens in here.
    return bytes.withUnsafeMutableBufferPointer { buffer -> YAMLNode? in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      return document(&parser, isShielded: shielded != nil)
    }
  }

  /// Where more brackets are open than any file needs.
  ///
  /// For each token libyaml looks at every open bracket: a megabyte of them would take minutes.
  /// Brackets in quotes and comments count as well, but there they come in pairs.
  private static func excessiveNesting(in text: [Unicode.Scalar]) -> Int? {
    var depth = 0
    for (index, scalar) in text.enumerated() {
      if scalar == "[" || scalar == "{" { depth += 1 }
      if scalar == "]" || scalar == "}" { depth = max(0, depth - 1) }
      if depth > 4 * YAMLTreeBuilder.depthMax { return index }
    }
    return nil
  }

  private func document(_ parser: inout yaml_parser_t, isShielded: Bool) -> YAMLNode? {
    var document = yaml_document_t()
    guard yaml_parser_load(&parser, &document) == 1 else {
      YAMLSyntaxError(parser).report(in: source)
      return nil
    }
    defer { yaml_document_delete(&document) }
    guard yaml_document_get_root_node(&document) != nil else { return nil }
    var builder = YAMLTreeBuilder(
      source: source,
      interpolation: interpolation,
      connectionKeys: connectionKeys,
      isShielded: isShielded,
      overlay: overlay
    )
    let root = builder.node(1, in: &document)
    source.isMasked = builder.isComplete
    builder.reportAll()
    checkEnd(&parser)
    return root
  }

  /// A stream may hold several documents; a second one would otherwise be ignored.
  private func checkEnd(_ parser: inout yaml_parser_t) {
    var document = yaml_document_t()
    // The secrets of what follows are not known.
    let wasMasked = source.isMasked
    source.isMasked = false
    defer { source.isMasked = wasMasked }
    guard yaml_parser_load(&parser, &document) == 1 else {
      YAMLSyntaxError(parser).report(in: source)
      return
    }
    defer { yaml_document_delete(&document) }
    guard yaml_document_get_root_node(&document) != nil else { return }
    let index = Int(document.start_mark.index)
    source.error(
      at: index..<index + 3,
      "a second document begins here; a file holds one",
      hint: "remove the line '---' or move what follows to a file of its own",
      kind: .syntax
    )
  }
}

extension String.UnicodeScalarView {
  init(_ scalars: [Unicode.Scalar]) {
    self.init()
    append(contentsOf: scalars)
  }
}
