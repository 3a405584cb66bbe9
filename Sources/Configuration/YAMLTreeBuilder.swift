import CYAML
import Settings

/// Turns libyaml's nodes into ours: interpolates, finds duplicate keys, and marks secrets.
///
/// Reports come last, when all secrets are known and masked.
struct YAMLTreeBuilder {
  /// Deepest nesting that is read.
  static let depthMax = 64
  static let depthMessage = "nested more than \(depthMax) levels deep"
  /// Most nodes that are visited; an alias counts as all that it stands for.
  static let nodeCountMax = 100_000

  let source: SourceText
  let interpolation: Interpolation
  let connectionKeys: Set<String>
  let isShielded: Bool

  /// Whether all nodes were visited, so that all secrets are masked.
  private(set) var isComplete = true
  private var visited = 0
  private var depth = 0
  /// Numbers of the nodes that contain the current one.
  private var enclosing: Set<Int32> = []
  var isInConnections = false
  var isUnderSecretKey = false
  /// Whether a value from outside may be shown: it says where a connection leads, or who asks.
  var isPublic = false
  var isURL = false
  /// The connection that contains the current node.
  var connection: ConnectionName?
  /// The top-level key that contains the current node.
  private var kind = ""
  /// What a command for a secret would run for; nil where none may be written.
  var commandPlace: CommandPlace? {
    connection.map(CommandPlace.connection) ?? (isInConnections && kind == "alerts" ? .alerts : nil)
  }
  /// What is laid over the current node; nil if nothing is.
  var overlay: YAMLNode?
  /// Whether an overlay replaces the current node, so that its references are not followed.
  var isReplaced = false
  var problems: [(range: Range<Int>, Problem)] = []

  struct Problem {
    let message: String
    var hint: String?
    var related: Range<Int>?
    var severity = Diagnostic.Severity.error
    /// The connection that a variable which is not set makes unusable.
    var connection: ConnectionName?
    var kind = ErrorKind.syntax
  }

  init(
    source: SourceText,
    interpolation: Interpolation,
    connectionKeys: Set<String>,
    isShielded: Bool,
    overlay: YAMLNode? = nil
  ) {
    self.source = source
    self.interpolation = interpolation
    self.connectionKeys = connectionKeys
    self.isShielded = isShielded
    self.overlay = overlay
  }

  /// Says what was wrong.
  func reportAll() {
    for (range, problem) in problems {
      let related = problem.related.map {
        [Diagnostic.Related(location: source.location(at: $0.lowerBound), message: "first here")]
      }
      source.error(
        at: range,
        problem.message,
        hint: problem.hint,
        related: related ?? [],
        severity: problem.severity,
        connection: problem.connection,
        kind: problem.kind
      )
    }
  }

  /// The node with libyaml's number `index`, from 1, and all below it.
  mutating func node(_ index: Int32, in document: inout yaml_document_t) -> YAMLNode {
    guard let pointer = yaml_document_get_node(&document, index) else {
      return YAMLNode(content: .unreadable, range: 0..<0, source: source)
    }
    let node = pointer.pointee
    let range = Self.range(node, in: source)
    visited += 1
    depth += 1
    defer { depth -= 1 }
    let isInside = !enclosing.insert(index).inserted
    defer { if !isInside { enclosing.remove(index) } }
    if isInside { add(range, message: "an alias inside this repeats it without end") }
    guard !isInside, isWithinBounds(range), hasNoTag(node, range) else {
      isComplete = false
      return YAMLNode(content: .unreadable, range: range, source: source)
    }
    switch node.type {
    case YAML_SEQUENCE_NODE:
      return YAMLNode(content: sequence(node, in: &document), range: range, source: source)
    case YAML_MAPPING_NODE:
      return YAMLNode(content: mapping(node, in: &document), range: range, source: source)
    default:
      return scalar(node, range)
    }
  }

  private mutating func isWithinBounds(_ range: Range<Int>) -> Bool {
    if depth > Self.depthMax {
      add(range, message: Self.depthMessage)
      return false
    }
    if visited == Self.nodeCountMax {
      add(range, message: "more than \(Self.nodeCountMax) values, with those that aliases repeat")
    }
    return visited < Self.nodeCountMax
  }

  /// Tags would ask for types that nothing here knows, and silently change what is written.
  private mutating func hasNoTag(_ node: yaml_node_t, _ range: Range<Int>) -> Bool {
    guard range.lowerBound < source.scalars.count, source.scalars[range.lowerBound] == "!" else {
      return true
    }
    add(range, message: "tags are not supported", hint: "put a text that begins with '!' in quotes")
    return false
  }

  mutating func add(
    _ range: Range<Int>,
    message: String,
    hint: String? = nil,
    related: Range<Int>? = nil
  ) {
    problems.append((range, Problem(message: message, hint: hint, related: related)))
  }

  private static func range(_ node: yaml_node_t, in source: SourceText) -> Range<Int> {
    let count = source.scalars.count
    let start = min(Int(node.start_mark.index), count)
    return start..<max(start, min(Int(node.end_mark.index), count))
  }
}

// MARK: - Collections

extension YAMLTreeBuilder {
  private mutating func sequence(
    _ node: yaml_node_t,
    in document: inout yaml_document_t
  ) -> YAMLNode.Content {
    let items = node.data.sequence.items
    var result: [YAMLNode] = []
    var item = items.start
    while let current = item, current < items.top {
      result.append(self.node(current.pointee, in: &document))
      item = current + 1
    }
    return .sequence(result)
  }

  private mutating func mapping(
    _ node: yaml_node_t,
    in document: inout yaml_document_t
  ) -> YAMLNode.Content {
    let pairs = node.data.mapping.pairs
    var result: [YAMLEntry] = []
    var places: [String: Range<Int>] = [:]
    var isReadable = true
    var pair = pairs.start
    while let current = pair, current < pairs.top {
      pair = current + 1
      guard let (key, range) = key(current.pointee.key, in: &document) else {
        isReadable = false
        continue
      }
      let value = value(current.pointee.value, under: key, in: &document)
      if let first = places[key] {
        add(range, message: "the key \(key.quoted) is here twice", related: first)
      } else {
        places[key] = range
        result.append(YAMLEntry(key: key, keyRange: range, value: value))
      }
    }
    return isReadable ? .mapping(result) : .unreadable
  }

  private mutating func value(
    _ index: Int32,
    under key: String,
    in document: inout yaml_document_t
  ) -> YAMLNode {
    let outer = (isInConnections, isUnderSecretKey, isPublic, isURL, connection)
    defer { (isInConnections, isUnderSecretKey, isPublic, isURL, connection) = outer }
    let below = (overlay, isReplaced)
    defer { (overlay, isReplaced) = below }
    overlay = overlay?.value(under: key)
    if let overlay {
      let type = yaml_document_get_node(&document, index)?.pointee.type
      isReplaced = isReplaced || type != YAML_MAPPING_NODE || !overlay.isMapping
    }
    if depth == 1 {
      isInConnections = connectionKeys.contains(key)
      kind = key
    }
    let isInAlerts = isInConnections && Self.telling.contains(kind)
    if depth == 2, isInConnections, !isInAlerts {
      connection = kind == "sources" ? .source(key) : .destination(key)
    }
    // Channels and heartbeats lie one level deeper than what `metrics` has.
    let isBelow = isInAlerts && depth > (kind == "metrics" ? 1 : 2)
    markPublic(key, isInAlerts: isInAlerts, isBelow: isBelow)
    // What nests below a connection's secret is one as well; elsewhere it names columns.
    isUnderSecretKey =
      SecretLines.isSecret(key: key)
      || isInConnections && (key == "url" || isUnderSecretKey && key != "file")
      || isBelow && ConnectionKeys.alertSecrets.contains(key)
    isURL =
      isInAlerts
      ? isBelow && ConnectionKeys.alertURLs.contains(key)
      : isInConnections && depth == 3 && key == "url"
    return node(index, in: &document)
  }

  /// Top-level keys that say whom to tell, and how.
  private static let telling: Set<String> = ["alerts", "metrics"]

  /// Notes whether what stands under `key` may be shown.
  private mutating func markPublic(_ key: String, isInAlerts: Bool, isBelow: Bool) {
    if isInAlerts {
      isPublic = isBelow && ConnectionKeys.alertsArePublic.contains(key)
      return
    }
    if depth == 3 { isPublic = ConnectionKeys.arePublic.contains(key) }
    if depth > 3 { isPublic = isPublic || ConnectionKeys.nestedArePublic.contains(key) }
  }

  private mutating func key(
    _ index: Int32,
    in document: inout yaml_document_t
  ) -> (String, Range<Int>)? {
    guard let node = yaml_document_get_node(&document, index)?.pointee else { return nil }
    let range = Self.range(node, in: source)
    guard node.type == YAML_SCALAR_NODE else {
      isComplete = false
      let isTemplate =
        range.lowerBound > 0
        && source.scalars[(range.lowerBound - 1)...].starts(with: "{{".unicodeScalars)
      let place = isTemplate ? range.lowerBound - 1..<range.upperBound : range
      let message =
        isTemplate ? "a text that begins with '{{' needs quotes" : "a key must be a text"
      add(
        place,
        message: message,
        hint: isTemplate ? nil : "put a text that begins with '[' or '{' in quotes"
      )
      return nil
    }
    let key = text(of: node)
    if key == "<<", node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE {
      add(range, message: "merge keys are not supported", hint: "write the keys out")
      return nil
    }
    if key.utf8.contains(0) {
      add(range, message: "a key must not contain a NUL character")
      return nil
    }
    return (key, range)
  }
}
