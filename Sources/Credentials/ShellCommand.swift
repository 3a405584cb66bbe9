import Blocking

/// Runs a command of the user by `/bin/sh` and takes what it prints, up to 64 KiB.
struct ShellCommand {
  private let text: String
  private let hidden: Set<String>

  /// `hidden` are the variables that the command does not inherit.
  init(_ text: String, hiding hidden: Set<String> = []) {
    self.text = text
    self.hidden = hidden
  }

  /// Blocks until the command has ended; throws if it fails, or does not end before `deadline`.
  func output(before deadline: Deadline) throws(CredentialError) -> String {
    let outcome: BoundProcess.Outcome
    do {
      outcome = try BoundProcess.run(
        "/bin/sh",
        arguments: ["-c", text],
        environment: BoundProcess.inherited(without: hidden),
        before: deadline
      )
    } catch {
      throw Self.error(error)
    }
    guard outcome.code == 0 else {
      throw CredentialError(.token, "the command for the token failed", hint: "run it by hand")
    }
    return String(decoding: outcome.output, as: UTF8.self)
  }

  private static func error(_ failure: BoundProcess.Failure) -> CredentialError {
    switch failure {
    case .notStarted(let reason): CredentialError(.token, "no command runs: \(reason)")
    case .timedOut: CredentialError(.timedOut, "the command for the token does not end")
    case .tooMuchOutput: CredentialError(.token, "the command for the token prints too much")
    }
  }
}
