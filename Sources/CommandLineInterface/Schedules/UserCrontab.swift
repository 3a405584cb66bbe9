/// The crontab of the user, as the program `crontab` reads and writes it.
struct UserCrontab {
  private let program: String
  private let environment: [String: String]

  /// Finds the program on the environment's PATH.
  init(environment: [String: String]) throws(CommandFailure) {
    guard let program = ProgramRun.find("crontab", path: environment["PATH"]) else {
      throw CommandFailure(
        .failed,
        "there is no program 'crontab' on PATH",
        hint: "install cron, or copy what 'sluice crontab' prints to where your scheduler reads it"
      )
    }
    self.program = program
    // The program gets what says who the user is; variables may hold secrets.
    let names = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR"]
    var passed = environment.filter { names.contains($0.key) }
    // Its messages are read.
    passed["LC_ALL"] = "C"
    self.environment = passed
  }

  /// The bytes of the crontab, empty if the user has none.
  ///
  /// Any other failure is thrown: an unreadable crontab must not be taken for an empty one.
  func read() throws(CommandFailure) -> [UInt8] {
    let run = try run(["-l"])
    if run.code == 0 { return run.output }
    let message = run.message
    if run.output.isEmpty, Self.saysThereIsNone(message) { return [] }
    throw CommandFailure(
      .failed,
      "'crontab -l' failed (code \(run.code)): \(message)",
      hint: "nothing was changed; run 'crontab -l' and see what it needs"
    )
  }

  /// Replaces the crontab.
  func write(_ crontab: [UInt8]) throws(CommandFailure) {
    let run = try run(["-"], input: crontab)
    if run.code == 0 { return }
    throw CommandFailure(
      .failed,
      "'crontab -' did not take the new crontab (code \(run.code)): \(run.message)",
      hint: "the crontab should be as it was; look with 'crontab -l'"
    )
  }

  private func run(_ arguments: [String], input: [UInt8] = []) throws(CommandFailure) -> ProgramRun
  {
    try ProgramRun(program, arguments, environment: environment, input: input)
  }

  /// Vixie cron, cronie, fcron and macOS say `no crontab for NAME`; busybox cannot open the file.
  private static func saysThereIsNone(_ message: String) -> Bool {
    let message = message.lowercased()
    if message.contains("no crontab for ") { return true }
    return message.contains("can't open '") && message.hasSuffix("no such file or directory")
  }
}
