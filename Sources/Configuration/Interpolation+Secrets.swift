import Settings

extension Interpolation {
  static let commandMark = "command:"
  static let credentialMark = "credential:"

  /// Where the `}` of a reference stands; that of a command may hold others in quotes.
  static func end(of reference: Substring) -> Substring.Index? {
    guard reference.dropFirst(2).hasPrefix(commandMark) else {
      return reference.firstIndex(of: "}")
    }
    let scalars = reference.unicodeScalars
    return ShellWords.length(scalars).flatMap {
      scalars.index(scalars.startIndex, offsetBy: $0, limitedBy: scalars.endIndex)
    }
  }

  /// A text without the newline that editors and programs put at its end.
  static func withoutNewline(_ text: String) -> String {
    // CRLF is one character.
    text.hasSuffix("\n") || text.hasSuffix("\r\n") ? String(text.dropLast()) : text
  }

  /// What the command of a reference printed; a command that has not run is noted.
  func output(
    of command: Substring,
    _ reference: String,
    _ isAllowed: Bool,
    into result: inout Result
  ) -> Swift.Result<String, Failure> {
    guard isAllowed else {
      let message = "a command is run only for sources, destinations and alerts"
      return .failure(
        Failure(reference, message: message, hint: "write ${NAME} or ${file:PATH} here")
      )
    }
    let words: [String]
    switch ShellWords.split(command) {
    case .success(let found): words = found
    case .failure(.openQuote):
      return .failure(
        Failure(reference, message: "a quote of this command is not closed", hint: nil)
      )
    case .failure(.nothing):
      return .failure(
        Failure(reference, message: "the program is missing: ${command:PROGRAM}", hint: nil)
      )
    }
    let outcome = commandResults[words]
    result.uses.append(VariableUse(words[0].printableName, .command(hasRun: outcome != nil)))
    switch outcome {
    case nil:
      result.commands.append(words)
      var failure = Failure(reference, message: "the command has not run", hint: nil)
      failure.isDeferred = true
      return .failure(failure)
    case .success(let text)?: return .success(Self.withoutNewline(text))
    case .failure(let error)?:
      let told = error.errors.isEmpty ? "" : ": \(error.errors)"
      let message = "the command \(words[0].quoted) \(error.message)\(told)"
      var failure = Failure(
        reference,
        message: message,
        hint: "run it by hand in the project's folder"
      )
      failure.isCommandFailure = true
      return .failure(failure)
    }
  }

  /// The text of a file in the folder that systemd names in `CREDENTIALS_DIRECTORY`.
  func credential(
    _ name: String,
    _ reference: String,
    into uses: inout [VariableUse]
  ) -> Swift.Result<String, Failure> {
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
      let hint = "write the ID of LoadCredential=ID:PATH in the unit"
      return .failure(
        Failure(reference, message: "\(name.quoted) is not the name of a credential", hint: hint)
      )
    }
    guard let folder = variables.fromProcess("CREDENTIALS_DIRECTORY"), folder.hasPrefix("/") else {
      uses.append(VariableUse(name, .credential(isPassed: false)))
      var failure = Failure(
        reference,
        message: "there is no credential \(name.quoted): CREDENTIALS_DIRECTORY is not set",
        hint: "systemd sets it for a unit with LoadCredential=\(name):PATH"
      )
      failure.isUnset = true
      return .failure(failure)
    }
    uses.append(VariableUse(name, .credential(isPassed: true)))
    return contents(of: "\(folder)/\(name)", reference, called: "the credential \(name.quoted)")
  }
}

extension String {
  /// A program's name for a message: without its folder.
  fileprivate var printableName: String {
    String((split(separator: "/").last.map(String.init) ?? self).quoted.dropFirst().dropLast())
  }
}
