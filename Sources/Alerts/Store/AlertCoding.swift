internal import Reports
internal import Settings
internal import Values

/// How values of alerts are written into their database.
extension AlertFinding {
  var stored: String {
    Value.object(
      Object([
        ("system", .string(system)), ("code", .string(code)), ("summary", .string(summary)),
        ("details", .array(details.map(Value.string))), ("command", .string(command)),
      ])
    ).jsonText
  }

  /// Reads what ``stored`` wrote; what is missing is empty.
  init(stored text: String) {
    let members = Members(text)
    self.init(
      system: members.text("system"),
      code: members.text("code"),
      summary: members.text("summary"),
      details: members.texts("details"),
      command: members.text("command")
    )
  }
}

extension AlertNotification {
  /// Reads what ``json`` wrote for `channel`; the times are in microseconds since 1970.
  init(stored text: String, channel: String, since: Int, at: Int) {
    let members = Members(text)
    id = members.text("id")
    incident = members.text("incident")
    self.channel = channel
    event = Event(rawValue: members.text("event")) ?? .opened
    severity = AlertSeverity(rawValue: members.text("severity"))
    previous = AlertSeverity(rawValue: members.text("previous"))
    rule = members.text("rule")
    system = members.text("system")
    code = members.text("code")
    sync = members.text("sync")
    syncs = members.texts("syncs")
    summary = members.text("summary")
    details = members.texts("details")
    command = members.text("command")
    project = members.text("project")
    self.since = since
    self.at = at
  }
}

/// A list of texts as JSON.
enum StoredTexts {
  static func text(_ texts: [String]) -> String {
    Value.array(texts.map(Value.string)).jsonText
  }

  static func texts(_ text: String?) -> [String] {
    text.flatMap { Value(json: $0) }?.texts ?? []
  }
}

extension Value {
  /// The texts of a list; empty for anything else.
  fileprivate var texts: [String] {
    guard case .array(let items) = self else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}

/// The members of a stored object.
private struct Members {
  private let object: Object

  init(_ text: String) {
    if case .object(let object) = Value(json: text) {
      self.object = object
    } else {
      object = Object()
    }
  }

  func text(_ name: String) -> String { object.text(name) ?? "" }

  func texts(_ name: String) -> [String] {
    object[name]?.texts ?? []
  }
}
