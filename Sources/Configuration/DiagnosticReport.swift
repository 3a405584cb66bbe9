import Settings

/// Collects what is said of a project's files while they are read, each thing once.
final class DiagnosticReport {
  /// Most diagnostics of one file.
  static let countMax = 100

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var hasErrors = false
  /// Values that must not be shown, in the order in which they were met.
  private(set) var secrets: [Secret] = []
  /// Whether a variable that is not set is a warning: nothing is connected to.
  var toleratesUnset = false
  /// The variables that were referred to.
  private(set) var variables = ProjectVariables()
  /// Values outside of connections that variables gave, or that stand under the key of a secret.
  private(set) var privateValues: Set<Secret> = []
  /// Commands that print secrets and have not run, by what needs them.
  private(set) var commands: [CommandPlace: [[String]]] = [:]
  private var known: Set<Secret> = []
  private var reported: Set<Diagnostic> = []
  private var counts: [String: Int] = [:]

  func add(_ diagnostic: Diagnostic) {
    // Defaults are read once for each sync: what is wrong with them is said once.
    guard reported.insert(diagnostic).inserted else { return }
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  /// Whether a file has said enough; when it just has, that is said as well.
  func isFull(_ file: String) -> Bool {
    let count = counts[file, default: 0]
    counts[file] = count + 1
    if count == Self.countMax {
      let location = SourceLocation(file: file, line: 1, column: 1)
      let message = "more than \(Self.countMax) errors, the others are left out"
      add(Diagnostic(at: location, message, kind: .filesWithErrors))
    }
    return count >= Self.countMax
  }

  /// Remembers that a value of `file` refers to variables, those of connections by connection.
  func note(_ uses: [VariableUse], of connection: ConnectionName?, in file: String) {
    for use in uses {
      if let connection {
        variables.connections[connection, default: []].appendOnce(use)
      } else {
        variables.files[file, default: []].appendOnce(use)
      }
    }
  }

  /// Remembers a value that no file of a state may hold.
  func keepPrivate(_ text: String) {
    if !text.isEmpty { privateValues.insert(Secret(text)) }
  }

  /// Remembers that `place` needs what commands print, each by its words.
  func note(commands new: [[String]], of place: CommandPlace) {
    if !new.isEmpty { commands[place, default: []] += new }
  }

  /// Remembers a value that must not be shown.
  func keepSecret(_ text: String) {
    let secret = Secret(text)
    if !text.isEmpty, known.insert(secret).inserted { secrets.append(secret) }
  }
}

extension [VariableUse] {
  fileprivate mutating func appendOnce(_ use: VariableUse) {
    if !contains(use) { append(use) }
  }
}

extension String {
  /// The text between single quotes, for a message: one line, no control characters, not too long.
  var quoted: String {
    var result = ""
    for scalar in unicodeScalars.prefix(60) {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case let scalar where scalar.properties.generalCategory == .control: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return "'\(result)\(unicodeScalars.count > 60 ? "…" : "")'"
  }
}
