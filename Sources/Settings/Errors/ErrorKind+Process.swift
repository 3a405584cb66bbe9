extension ErrorKind {
  /// A signal ended the run.
  public static let interrupted = ErrorKind(
    "SL0901",
    "the run was interrupted",
    meaning: "SIGINT, SIGTERM or SIGHUP asked the run to end. What was acknowledged is remembered.",
    cause: "Ctrl-C, a service manager that stops it, or a host that shuts down.",
    advice: "Run again: it continues from there."
  )

  /// The system refused something.
  public static let system = ErrorKind(
    "SL0902",
    "the system refuses",
    meaning: "A file, folder, program or terminal that the command needs cannot be used.",
    cause: "Rights or room are missing, or a program is not installed.",
    advice: "The message repeats the system's own words."
  )

  static let processKinds = [interrupted, system]
}
