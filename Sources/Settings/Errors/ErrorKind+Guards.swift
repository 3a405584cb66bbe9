extension ErrorKind {
  /// Too many rows are to be removed.
  public static let maxRemoved = ErrorKind(
    "SL0501",
    "the guard max_removed stopped the run",
    meaning: "More rows left the result than the guard allows, or all of them. Nothing was sent.",
    cause: "A filter or join of the model changed, a table was truncated, a load is half done.",
    advice:
      "`sluice plan SYNC` shows the rows; if they are right: `sluice run SYNC --allow max_removed`."
  )

  /// Too many rows are changed.
  public static let maxChanged = ErrorKind(
    "SL0502",
    "the guard max_changed stopped the run",
    meaning: "More rows changed than the guard allows. Nothing was sent.",
    cause: "A column was rewritten for all rows, such as a time of loading.",
    advice:
      "`sluice plan SYNC` shows them; `changed_when: {ignore: […]}` leaves such a column out; "
      + "`sluice run SYNC --allow max_changed` lets them through once."
  )

  /// Too many rows are new.
  public static let maxAdded = ErrorKind(
    "SL0503",
    "the guard max_added stopped the run",
    meaning: "More rows are new than the guard allows. Nothing was sent.",
    cause: "A join multiplies rows, a filter is gone, or a first run meets the guard.",
    advice:
      "`sluice plan SYNC` shows them; `sluice run SYNC --allow max_added` lets them through once."
  )

  /// The result has too few rows.
  public static let minRows = ErrorKind(
    "SL0504",
    "the guard min_rows stopped the run",
    meaning: "The result has fewer rows than the guard asks for. Nothing was sent.",
    cause: "A load is half done, or the model reads the wrong schema.",
    advice: "Look at the source; `sluice run SYNC --allow min_rows` lets it through once."
  )

  /// Too many rows are rejected.
  public static let maxRejected = ErrorKind(
    "SL0505",
    "the guard max_rejected stopped the run",
    meaning:
      "More rows cannot be made messages than the guard allows. What was acknowledged stays.",
    cause: "A template meets a value that it cannot take, or a column became NULL.",
    advice: "`sluice errors SYNC` has the rows and why; "
      + "`sluice run SYNC --allow max_rejected` leaves them out once."
  )

  /// The primary key does not stay with its rows.
  public static let unstableKey = ErrorKind(
    "SL0506",
    "the guard unstable_key stopped the run",
    meaning:
      "Many rows left and came back under another key with the same values. Nothing was sent.",
    cause: "Each query makes new keys, as ROW_NUMBER() does.",
    advice: "Make columns that identify the row the `primary_key` of the model."
  )

  /// A test on the rows of the model failed.
  public static let rowTest = ErrorKind(
    "SL0507",
    "a test of the model failed",
    meaning: "Rows of the result do not pass a test of `tests`. Nothing was sent.",
    cause: "The data is wrong, or the test asks for too much.",
    advice: "Correct the rows or the model; `severity: warn` tells of them and continues."
  )

  /// A test on the rows of the model cannot be judged.
  public static let unusableRowTest = ErrorKind(
    "SL0508",
    "a test of the model cannot be judged",
    meaning: "The query of a test gave something else than a count of rows.",
    cause: "Its expression is not a boolean.",
    advice: "`sluice check --connect` tries every test."
  )

  /// dbt found the data wrong.
  public static let dbtGate = ErrorKind(
    "SL0509",
    "the gate of dbt is closed",
    meaning: "The last results of dbt name failures of this model or of what it is made from.",
    cause: "A dbt model or test failed.",
    advice: "Correct the data and run `dbt build` again; the next run reads the new results."
  )

  /// The results of dbt cannot be read.
  public static let unreadableGate = ErrorKind(
    "SL0510",
    "the results of dbt cannot be read",
    meaning: "The file of `gate: {dbt_run_results: …}` is missing or is not what dbt writes.",
    cause: "dbt did not run yet, or its folder `target` is elsewhere.",
    advice: "Run `dbt build`, or correct the path."
  )

  static let guardKinds = [
    maxRemoved, maxChanged, maxAdded, minRows, maxRejected, unstableKey, rowTest, unusableRowTest,
    dbtGate, unreadableGate,
  ]
}
