import Liquid
import Settings
import Spelling

/// Reads templates and checks them as far as that goes without the columns of the model.
struct TemplateReader {
  let folder: TemplateFolder
  let interpolation: Interpolation
  /// Partials by name.
  var partials: [String: SourceText] = [:]
  let recorder = Recorder()

  /// Collects the places of the templates that were right.
  final class Recorder {
    var places = TemplatePlaces()
  }

  init(folder: TemplateFolder, interpolation: Interpolation) {
    self.folder = folder
    self.interpolation = interpolation
  }

  /// Where the templates stand that were read so far.
  var places: TemplatePlaces {
    var places = recorder.places
    places.partials = partials.mapValues(\.path)
    return places
  }

  /// A template's file: its text, and its path as it is shown.
  struct File {
    let text: String
    let path: String
  }

  /// What every template sees; rows may have any column.
  private static let schema = TemplateSchema(
    roots: TemplateVariable.rowRoots.map { TemplateSchema.Root($0, .object([:], isClosed: false)) }
      + TemplateSchema.Root.list(
        paths: TemplateVariable.allCases.map(\.rawValue),
        firstSlot: 0
      )
  )
  /// No partial has a slash in its name, so that the template cannot be taken for one.
  private static let name = "/"

  /// The text of a template that stands in YAML; nil after reporting what is wrong.
  func text(_ node: YAMLNode, _ mode: TemplateOptions.Mode) -> String? {
    guard let text = node.string("a template") else { return nil }
    return isValid(text, at: node, mode) ? text : nil
  }

  /// Whether `text`, which stands at `node`, is right; says what is wrong with it.
  func isValid(_ text: String, at node: YAMLNode, _ mode: TemplateOptions.Mode) -> Bool {
    do throws(LiquidError) {
      let template = try compile(text, mode: mode)
      let faults = template.jsonFaults
      guard faults.isEmpty else { return report(faults, in: text, at: node) }
      warn(of: template, text, at: node)
      if let indexes = indexes(of: text, node) {
        recorder.places.add(indexes.map(node.source.location), of: node.location)
      }
      return true
    } catch {
      return report(error.all, in: text, at: node)
    }
  }

  /// Says what is wrong with `text`, which stands at `node`; false.
  private func report(_ errors: [LiquidError], in text: String, at node: YAMLNode) -> Bool {
    let own = errors.filter { $0.template == Self.name }
    for error in errors where error.template != Self.name { report(error, inPartialAt: node) }
    if node.isSecret, !own.isEmpty {
      node.error(
        "the template is wrong",
        hint: "it is not shown, as its key is that of a secret",
        kind: .wrongTemplate
      )
      return false
    }
    for error in own {
      if let place = place(of: error, in: text, node) {
        node.source.error(at: place, error.message, hint: error.hint, kind: .wrongTemplate)
      } else {
        let place = "line \(error.line), column \(error.column) of the template"
        node.error("\(error.message) (\(place))", hint: error.hint, kind: .wrongTemplate)
      }
    }
    return false
  }

  /// Says what is right by the grammar and probably not meant.
  private func warn(of template: Template, _ text: String, at node: YAMLNode) {
    for warning in template.warnings where warning.template == Self.name && !node.isSecret {
      if let place = place(of: warning, in: text, node) {
        node.source.error(at: place, warning.message, hint: warning.hint, severity: .warning)
      } else {
        node.remark(.warning, warning.message, hint: warning.hint)
      }
    }
  }

  /// The text of a template's file; nil after reporting what is wrong.
  func file(_ node: YAMLNode, _ mode: TemplateOptions.Mode) -> File? {
    guard let path = node.string("the path of a template") else { return nil }
    let source: SourceText
    switch folder.file(path) {
    case .success(let found): source = found
    case .failure(let failure):
      let place = failure.line.map { " (line \($0))" } ?? ""
      node.error(
        "the file \(path.quoted) cannot be read: \(failure.reason)\(place)",
        kind: .unreadableFile
      )
      return nil
    }
    let text = source.text
    guard !text.isEmpty else {
      node.error("the file \(path.quoted) is empty", kind: .unreadableFile)
      return nil
    }
    let errors: [LiquidError]
    do throws(LiquidError) {
      let template = try compile(text, mode: mode)
      errors = template.jsonFaults
      for warning in template.warnings where warning.template == Self.name {
        source.report(warning, severity: .warning)
      }
    } catch {
      errors = error.all
    }
    for error in errors where error.template == Self.name { source.report(error) }
    for error in errors where error.template != Self.name { report(error, inPartialAt: node) }
    return errors.isEmpty ? File(text: text, path: source.path) : nil
  }

  /// The path of a variable; nil after reporting that there is none of this name.
  func variable(_ node: YAMLNode) -> String? {
    guard let path = node.string("the name of a variable") else { return nil }
    let root = String(path.prefix { $0 != "." && $0 != "[" })
    guard TemplateVariable.roots.contains(root) else {
      let known = TemplateVariable.allCases.map(\.rawValue)
      let nearest = Spelling.nearest(to: path, among: known)
      let suggestion = nearest ?? Spelling.nearest(to: root, among: TemplateVariable.roots)
      let question = Spelling.question(suggestion)
      let list = (known + ["row.COLUMN", "previous.COLUMN"]).joined(separator: ", ")
      node.error(
        "there is no variable \(path.quoted)\(question)",
        hint: suggestion == nil ? "there are \(list)" : nil,
        kind: .wrongTemplate
      )
      return nil
    }
    do throws(LiquidError) {
      if try compile("{{ \(path) }}", mode: .text).lone != nil {
        // Wherever in `{{ path }}` something is wrong, it is the path.
        let places = Array(repeating: node.location, count: path.unicodeScalars.count + 6)
        recorder.places.add(places, of: node.location)
        return path
      }
      node.error(
        "\(path.quoted) is more than a variable",
        hint: "write {template: …} for filters and text",
        kind: .wrongTemplate
      )
    } catch {
      node.error(error.message, hint: error.hint, kind: .wrongTemplate)
    }
    return nil
  }

  /// Reports what is wrong with partials that nobody may use yet.
  func checkPartials() {
    for (_, source) in partials.sorted(by: { $0.key < $1.key }) {
      // What a partial is given is not known here: any variable may be.
      var schema = Self.schema
      schema.isClosed = false
      do throws(LiquidError) {
        _ = try compile(source.text, mode: .text, schema: schema)
      } catch {
        for error in error.all { (partials[error.template] ?? source).report(error) }
      }
    }
  }

  private func compile(
    _ text: String,
    mode: TemplateOptions.Mode,
    schema: TemplateSchema = schema
  ) throws(LiquidError) -> Template {
    let texts = partials.mapValues(\.text)
    return try Template(
      source: text,
      name: Self.name,
      options: TemplateOptions(mode: mode),
      schema: schema,
      partials: { texts[$0] }
    )
  }

  private func report(_ error: LiquidError, inPartialAt node: YAMLNode) {
    if let source = partials[error.template] {
      source.report(error)
    } else {
      node.error(
        "partial \(error.template.quoted): \(error.message)",
        hint: error.hint,
        kind: .wrongTemplate
      )
    }
  }

  /// Where in the file the error in `text` stands; nil if that cannot be told.
  private func place(of error: LiquidError, in text: String, _ node: YAMLNode) -> Range<Int>? {
    guard let indexes = indexes(of: text, node), let end = indexes.last else { return nil }
    let source = SourceText(path: "", text: text, report: DiagnosticReport())
    let index = source.index(line: error.line, column: error.column)
    let place = index < indexes.count ? indexes[index] : end
    return place..<place + 1
  }

  /// Where in the file the characters of `text` stand; nil if that cannot be told.
  func indexes(of text: String, _ node: YAMLNode) -> [Int]? {
    let (written, places) = ScalarPlaces.read(node.range, of: node.source)
    let resolved = interpolation.places(in: written, places)
    return resolved.text == text ? resolved.places : nil
  }
}

extension SourceText {
  /// Reports an error or a warning of the template that this file is.
  func report(_ error: LiquidError, severity: Diagnostic.Severity = .error) {
    let index = index(line: error.line, column: error.column)
    self.error(
      at: index..<index + 1,
      error.message,
      hint: error.hint,
      severity: severity,
      kind: .wrongTemplate
    )
  }
}

extension Interpolation {
  /// What `text` becomes, and for each character its place; `places` are those of `text`.
  ///
  /// What comes out of a reference stands where the reference begins.
  func places(in text: String, _ places: [Int]) -> (text: String, places: [Int]) {
    let scalars = Array(text.unicodeScalars)
    var values = resolve(text).values[...]
    var result: [Unicode.Scalar] = []
    var resultPlaces: [Int] = []
    var index = 0
    func take(_ new: some Collection<Unicode.Scalar>, _ place: Int) {
      result += new
      resultPlaces += Array(repeating: place, count: new.count)
    }
    while index < scalars.count {
      let rest = scalars[index...]
      if rest.starts(with: "$${".unicodeScalars) {
        take("${".unicodeScalars, places[index])
        index += 3
      } else if rest.starts(with: "${".unicodeScalars), let end = rest.firstIndex(of: "}"),
        let value = values.popFirst()
      {
        take(value.unicodeScalars, places[index])
        index = end + 1
      } else {
        take(CollectionOfOne(scalars[index]), places[index])
        index += 1
      }
    }
    return (String(String.UnicodeScalarView(result)), resultPlaces)
  }
}
