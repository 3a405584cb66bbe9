import Settings

/// Puts the environment's values and files' contents in the place of `${…}`.
struct Interpolation {
  let variables: VariableValues
  /// The folder that relative paths of `${file:…}` start from.
  let directory: String
  /// What the commands of references gave; nothing of those that did not run.
  var commandResults: [[String]: Swift.Result<String, SecretCommand.Failure>] = [:]

  struct Result {
    var text: String
    /// What references gave.
    var values: [String] = []
    /// Those of them that are secrets wherever they stand.
    var secrets: [String] = []
    /// The words of commands that have not run.
    var commands: [[String]] = []
    var uses: [VariableUse] = []
    var failures: [Failure] = []
  }

  /// A reference that gives nothing.
  struct Failure {
    /// Its text, to find its place.
    let reference: String
    let message: String
    let hint: String?
    /// Whether all that is wrong is a variable that is not set.
    var isUnset = false
    /// Whether a command failed: the files are right.
    var isCommandFailure = false
    /// Whether it is a command that has not run, of which nothing is said.
    var isDeferred = false
  }

  /// Replaces `${NAME}`, `${NAME:-default}`, `${file:PATH}`, `${credential:NAME}`, and
  /// `${command:…}` where `allowsCommands`; `$${` gives `${`.
  ///
  /// A default goes as far as the first `}`; it stands in for an unset and for an empty variable.
  func resolve(_ text: String, allowsCommands: Bool = false) -> Result {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return Result(text: text) }
    var result = Result(text: "")
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result.text += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result.text += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        replace(&rest, allowsCommands: allowsCommands, into: &result)
      } else {
        result.text += "$"
        rest = rest.dropFirst()
      }
    }
    result.text += rest
    return result
  }

  private func replace(
    _ rest: inout Substring,
    allowsCommands: Bool,
    into result: inout Result
  ) {
    guard let end = Self.end(of: rest) else {
      result.failures.append(
        Failure("${", message: "the '}' of this reference is missing", hint: Self.escapeHint)
      )
      rest = ""
      return
    }
    let reference = String(rest[...end])
    let body = reference.dropFirst(2).dropLast()
    rest = rest[end...].dropFirst()
    let isCommand = body.hasPrefix(Self.commandMark)
    let found =
      isCommand
      ? output(of: body.dropFirst(Self.commandMark.count), reference, allowsCommands, into: &result)
      : value(of: body, reference, into: &result.uses)
    switch found {
    case .success(let value):
      result.text += value
      result.values.append(value)
      if isCommand || body.hasPrefix(Self.credentialMark) { result.secrets.append(value) }
    case .failure(let failure):
      result.failures.append(failure)
    }
  }

  private func value(
    of body: Substring,
    _ reference: String,
    into uses: inout [VariableUse]
  ) -> Swift.Result<String, Failure> {
    if body.hasPrefix("file:") {
      uses.append(VariableUse(String(body.dropFirst(5)), .file))
      return contents(of: String(body.dropFirst(5)), reference)
    }
    if body.hasPrefix(Self.credentialMark) {
      return credential(String(body.dropFirst(Self.credentialMark.count)), reference, into: &uses)
    }
    let name = body.prefix { $0 != ":" }
    let suffix = body.dropFirst(name.count)
    guard Self.isName(name), suffix.isEmpty || suffix.hasPrefix(":-"), !suffix.contains("${") else {
      let message = "\(reference.quoted) is not a reference"
      let hint =
        "write ${NAME}, ${NAME:-default}, ${file:PATH}, ${credential:NAME} or "
        + "${command:PROGRAM}; " + Self.escapeHint
      return .failure(
        Failure(suffix.isEmpty ? "${" + body : reference, message: message, hint: hint)
      )
    }
    let (value, use) = variable(String(name), hasDefault: !suffix.isEmpty)
    uses.append(use)
    if let value { return .success(value) }
    if !suffix.isEmpty { return .success(String(suffix.dropFirst(2))) }
    let hint = "set it in the environment or in .env, or write ${\(name):-default}"
    var failure = Failure(reference, message: "the variable \(name) is not set", hint: hint)
    failure.isUnset = true
    return .failure(failure)
  }

  /// The value of a variable, nil if it gives none, and where it came from.
  private func variable(_ name: String, hasDefault: Bool) -> (String?, VariableUse) {
    guard let (value, use) = variables.value(of: name), !value.isEmpty || !hasDefault else {
      return (nil, VariableUse(name, hasDefault ? .fallback : .unset))
    }
    return (value, use)
  }

  func contents(
    of path: String,
    _ reference: String,
    called subject: String? = nil
  ) -> Swift.Result<String, Failure> {
    guard !path.isEmpty else {
      return .failure(Failure(reference, message: "the path of the file is missing", hint: nil))
    }
    switch FileAccess.text(at: FileAccess.path(path, from: directory), sizeMax: 1 << 20) {
    case .success(let text):
      return .success(Self.withoutNewline(text))
    case .failure(let error):
      let message = "\(subject ?? "the file \(path.quoted)") cannot be read: \(error.reason)"
      return .failure(Failure(reference, message: message, hint: nil))
    }
  }

  static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      byte == 95 || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
  }

  private static let escapeHint = "$${ is a literal ${"
}

extension Interpolation.Failure: Error {
  init(_ reference: String, message: String, hint: String?) {
    self.init(reference: reference, message: message, hint: hint)
  }
}
