import Blocking
import Configuration
import Synchronization

/// Runs the programs that print secrets, each once a process, 30 s at most.
final class SecretPrograms: Sendable {
  private typealias Answer = Result<String, SecretCommand.Failure>

  /// Those of this process.
  static let shared = SecretPrograms()

  private let timeout: Duration
  private let answers = Mutex<[SecretCommand: Answer]>([:])

  /// Kills programs that take longer than `timeout`.
  init(timeout: Duration = .seconds(30)) {
    self.timeout = timeout
  }

  /// Runs what reading a project asks for.
  var runner: SecretCommand.Runner {
    SecretCommand.Runner { self.answer($0) }
  }

  private func answer(_ command: SecretCommand) -> Answer {
    if let known = answers.withLock({ $0[command] }) { return known }
    let answer = run(command)
    answers.withLock { $0[command] = answer }
    return answer
  }

  private func run(_ command: SecretCommand) -> Answer {
    let program = command.program
    let path =
      program.contains("/")
      ? program : ProgramRun.find(program, path: command.environment["PATH"])
    guard let path else { return .failure(SecretCommand.Failure("is not on PATH")) }
    let outcome: BoundProcess.Outcome
    do throws(BoundProcess.Failure) {
      outcome = try BoundProcess.run(
        path,
        arguments: Array(command.words.dropFirst()),
        environment: command.environment,
        directory: command.directory,
        before: Deadline(after: timeout)
      )
    } catch {
      return .failure(failure(error))
    }
    let text = String(validating: outcome.output, as: UTF8.self)
    let errors = String(decoding: outcome.errors, as: UTF8.self)
    guard outcome.code == 0 else {
      return .failure(
        SecretCommand.Failure("failed (code \(outcome.code))", errors: errors, output: text ?? "")
      )
    }
    guard let text else { return .failure(SecretCommand.Failure("printed no UTF-8 text")) }
    return .success(text)
  }

  private func failure(_ error: BoundProcess.Failure) -> SecretCommand.Failure {
    switch error {
    case .notStarted(let reason): SecretCommand.Failure("cannot be run: \(reason)")
    case .timedOut: SecretCommand.Failure("did not end within \(timeout.components.seconds) s")
    case .tooMuchOutput: SecretCommand.Failure("printed more than 64 KiB")
    }
  }
}
