import JMESPath
import Settings
import Spelling

extension TemplateReader {
  /// What expressions see.
  private static let roots = ["data", "previous", "metadata"]

  /// A JMESPath expression; nil after reporting what is wrong with it.
  ///
  /// The columns of `data` and `previous` are known only to a run.
  func expression(_ node: YAMLNode) -> String? {
    guard let text = node.string("a JMESPath expression") else { return nil }
    do throws(JMESPathError) {
      let expression = try Expression(text)
      guard hasKnownRoots(expression, node) else { return nil }
    } catch {
      report(error, in: text, node)
      return nil
    }
    if let indexes = indexes(of: text, node) {
      recorder.places.add(indexes.map(node.source.location), of: node.location)
    }
    return text
  }

  /// Whether it reads only what there is: any other name would be null in every row.
  private func hasKnownRoots(_ expression: Expression, _ node: YAMLNode) -> Bool {
    let use = expression.inputUse
    let names = use.read.union(use.tested).compactMap(\.first)
    guard let name = names.filter({ !Self.roots.contains($0) }).min() else { return true }
    if node.isSecret {
      node.error(
        "the expression is wrong",
        hint: "it is not shown, as its key is that of a secret",
        kind: .wrongTemplate
      )
      return false
    }
    let nearest = Spelling.nearest(to: name, among: Self.roots)
    node.error(
      "an expression sees data, previous and metadata, not \(name.quoted)",
      hint: nearest.map { "did you mean '\($0)'?" } ?? "a column is data.\(name)",
      kind: .wrongTemplate
    )
    return false
  }

  private func report(_ error: JMESPathError, in text: String, _ node: YAMLNode) {
    if node.isSecret {
      node.error(
        "the expression is wrong",
        hint: "it is not shown, as its key is that of a secret",
        kind: .wrongTemplate
      )
    } else if let indexes = indexes(of: text, node), let end = indexes.last {
      let place = error.offset < indexes.count ? indexes[error.offset] : end
      node.source.error(
        at: place..<place + 1,
        error.message,
        hint: error.hint,
        kind: .wrongTemplate
      )
    } else {
      let place = "line \(error.line), column \(error.column) of the expression"
      node.error("\(error.message) (\(place))", hint: error.hint, kind: .wrongTemplate)
    }
  }
}
