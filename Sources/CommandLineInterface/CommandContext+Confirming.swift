import Arguments
import Glibc

extension CommandContext {
  /// Has the user type `name`, unless `--yes` is there; throws if that is not done.
  ///
  /// `refusal` is said if there is no terminal to ask on.
  func confirm(
    _ question: String,
    byTyping name: String,
    refusal: String
  ) throws(CommandFailure) {
    if arguments.has(.yes) { return }
    guard isatty(0) == 1 else { throw CommandFailure(.usage, refusal, hint: "say --yes") }
    console.ask(question)
    guard readLine() == name else {
      throw CommandFailure(.failed, "that was not the name: nothing was changed")
    }
  }
}
