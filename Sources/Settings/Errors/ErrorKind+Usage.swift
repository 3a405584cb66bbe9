extension ErrorKind {
  /// The command line cannot be understood.
  public static let usage = ErrorKind(
    "SL0001",
    "the command line is wrong",
    meaning: "An option or an argument is unknown, missing, or does not go with another one.",
    cause: "A word is misspelt, or an option belongs to another command.",
    advice: "`sluice help COMMAND` shows what a command takes, with examples."
  )

  /// No project is here.
  public static let noProject = ErrorKind(
    "SL0002",
    "no project is here",
    meaning: "Neither this folder nor one above it has a file `sluice.yml`.",
    cause: "The command was started in another folder; cron starts it in the home folder.",
    advice: "`cd` to the project, or name it: `sluice -C DIR status`. `sluice init DIR` makes one."
  )

  /// A name on the command line means nothing in the project.
  public static let unknownName = ErrorKind(
    "SL0003",
    "the project has nothing of this name",
    meaning: "A sync, tag, model, channel or run was named that the project does not have.",
    cause: "The name is misspelt, or its file was renamed or removed.",
    advice: "`sluice status` lists the syncs; the hint has the nearest name."
  )

  static let usageKinds = [usage, noProject, unknownName]
}
