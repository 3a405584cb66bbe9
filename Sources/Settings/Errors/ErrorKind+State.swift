extension ErrorKind {
  /// No state is there.
  public static let missingState = ErrorKind(
    "SL0401",
    "the sync has no state",
    meaning: "The file that remembers what was delivered is not there.",
    cause: "The sync never ran, or `state: {required: true}` is set and a volume is not mounted.",
    advice: "`sluice run SYNC` makes it; with `required` make the first run without it."
  )

  /// The state is of a newer Sluice.
  public static let newerState = ErrorKind(
    "SL0402",
    "the state is of a newer Sluice",
    meaning: "A newer Sluice wrote the file, and this one does not touch what it does not know.",
    cause: "A host runs an older version than another one before.",
    advice: "Install the newer version; `sluice version` says which one this is."
  )

  /// The file is not a state.
  public static let foreignState = ErrorKind(
    "SL0403",
    "the file is not a state",
    meaning: "Where the state should be is a file that Sluice did not write.",
    cause: "A file was copied to the wrong place, or is of another sync.",
    advice: "Move it away; `sluice state restore SYNC FILE` puts a backup back."
  )

  /// The state is damaged.
  public static let damagedState = ErrorKind(
    "SL0404",
    "the state is damaged",
    meaning: "Parts of the file cannot be read. It is never taken for an empty one.",
    cause: "A disk failed, or the file was copied while a run wrote to it.",
    advice:
      "`sluice state restore SYNC FILE` from a backup, or `sluice reset SYNC` and deliver again."
  )

  /// The state may not be read or written.
  public static let inaccessibleState = ErrorKind(
    "SL0405",
    "the state cannot be read or written",
    meaning: "The system refuses to open, read or write the file or its folder.",
    cause: "Another user made it, or the folder cannot be written.",
    advice: "Run as the user who owns it, or correct the rights: folder 0700, file 0600."
  )

  /// The disk of the state is full.
  public static let stateDiskFull = ErrorKind(
    "SL0406",
    "the disk of the state is full",
    meaning: "What is to be remembered cannot be written, so nothing is sent.",
    cause: "No room is left on the disk, or a quota is over.",
    advice:
      "Free some space and run again: nothing is lost. `sluice state compact` makes files smaller."
  )

  /// Another process holds the state.
  public static let busyState = ErrorKind(
    "SL0407",
    "another program holds the state",
    meaning: "The file was locked for too long by a program that is not a run of Sluice.",
    cause: "A backup tool or an open `sqlite3` holds it.",
    advice: "`fuser FILE` says who. `sluice state backup` copies a state without stopping anybody."
  )

  /// The state does not fit the run.
  public static let unfitState = ErrorKind(
    "SL0408",
    "the state does not fit what is asked of it",
    meaning: "What the state holds and what the command wants exclude each other.",
    cause: "Another answer is needed first, or the state is of another sync.",
    advice: "Follow the hint; `sluice state info SYNC` shows what the state holds."
  )

  /// Another run of the sync is under way.
  public static let alreadyRunning = ErrorKind(
    "SL0409",
    "another run of the sync is under way",
    meaning: "One run of a sync works at a time. This command did nothing.",
    cause: "A run takes longer than the schedule's interval, or somebody runs it by hand.",
    advice: "It ends by itself; `--wait 5min` waits for it, `--if-running skip` leaves it alone."
  )

  /// The state is where environments do not look.
  public static let leftState = ErrorKind(
    "SL0410",
    "the state stands outside of the environment",
    meaning: "The sync has a state without an environment, and none of the one that was named.",
    cause: "Environments were introduced after the first runs.",
    advice:
      "Move it as the hint says, or begin without it: `sluice run SYNC --env NAME --fresh-state`."
  )

  /// The primary key changed.
  public static let changedKey = ErrorKind(
    "SL0411",
    "the primary key of the model changed",
    meaning: "Rows are known by another key than before; to compare would remove and add all.",
    cause: "`primary_key` of the model names other columns.",
    advice: "`sluice reset SYNC`, then the next run sends every row as added; or undo the change."
  )

  /// What alerts remember cannot be read.
  public static let alertState = ErrorKind(
    "SL0412",
    "what alerts remember cannot be read",
    meaning: "The file `alerts.db` beside the states is damaged, of a newer Sluice, or locked.",
    cause: "A disk failed, or rights are missing.",
    advice: "Correct the rights; without the file the next run starts over and tells again."
  )

  /// A saved plan no longer fits.
  public static let stalePlan = ErrorKind(
    "SL0413",
    "the plan cannot be applied",
    meaning:
      "What the plan was made of has moved since, or the plan was applied before. Nothing was "
      + "sent.",
    cause: "A run, a reset or another plan came between, or a topic changed.",
    advice: "Make another one: `sluice plan SYNC --save FILE`, look, then `sluice apply FILE`."
  )

  /// A plan cannot be saved.
  public static let unsavedPlan = ErrorKind(
    "SL0414",
    "the plan was not saved",
    meaning: "A plan that would not be applied as it stands is not written down.",
    cause: "Batches of an earlier run wait to be sent, or the plan did not come to its end.",
    advice: "`sluice run SYNC` finishes what waits; then plan again."
  )

  /// A saved plan keeps other runs out.
  public static let heldByPlan = ErrorKind(
    "SL0415",
    "a plan holds the sync",
    meaning:
      "A plan was saved with `--hold`: other runs of the sync wait for it. Nothing was sent.",
    cause: "The plan was neither applied nor dropped, and its time is not over.",
    advice: "`sluice apply FILE` sends it, `sluice plan drop FILE` gives it up."
  )

  /// The file of a plan cannot be used.
  public static let unusablePlan = ErrorKind(
    "SL0416",
    "the file of the plan cannot be used",
    meaning:
      "The file is not there, is not a plan, or is not as `sluice plan --save` wrote it. Nothing was "
      + "sent.",
    cause:
      "A file was cut off, damaged or edited; another version of Sluice wrote it; or others may "
      + "write to it.",
    advice: "Make another one: `sluice plan SYNC --save FILE`."
  )

  static let stateKinds = [
    missingState, newerState, foreignState, damagedState, inaccessibleState, stateDiskFull,
    busyState, unfitState, alreadyRunning, leftState, changedKey, alertState, stalePlan,
    unsavedPlan, heldByPlan, unusablePlan,
  ]
}
