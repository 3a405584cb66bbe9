import Configuration
import Reports
import Settings
import Values

extension Diagnostic.Severity {
  var colour: String {
    switch self {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }
}

extension Diagnostic {
  /// What a program wants to know besides the message.
  var fields: [(name: String, value: Value)] {
    [("code", .optional(code)), ("hint", .optional(hint))]
      + SourceLocation.members(location).map { (name: $0.0, value: $0.1) }
  }
}
