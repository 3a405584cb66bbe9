extension ErrorKind {
  /// A file is not written as its language asks.
  public static let syntax = ErrorKind(
    "SL0101",
    "a file cannot be parsed",
    meaning:
      "A file is not YAML, or a line of `.env` or of a front matter is not what it should be.",
    cause: "A quote or bracket is open, an indentation or a tab is wrong, a key is there twice.",
    advice: "The caret shows the place. Run `sluice check` after each correction."
  )

  /// A key has no meaning.
  public static let unknownKey = ErrorKind(
    "SL0102",
    "a key is unknown",
    meaning: "A map of a file has a key that Sluice does not read.",
    cause: "It is misspelt, or indented into another map, or of a newer Sluice.",
    advice:
      "docs/configuration.md has every key; `sluice schema --write` lets an editor complete them."
  )

  /// A key that must be there is not.
  public static let missingKey = ErrorKind(
    "SL0103",
    "a key is missing",
    meaning: "A map of a file lacks a key that it needs.",
    cause: "It was forgotten, or stands in another map.",
    advice: "Add the key that is named. docs/configuration.md says what it takes."
  )

  /// A value that the key cannot take.
  public static let unusableValue = ErrorKind(
    "SL0104",
    "a value cannot be used",
    meaning: "The value of a key has another type, form or range than the key takes.",
    cause: "A list stands for a map, a duration lacks its unit, a number is too large.",
    advice: "The message says what was expected; docs/configuration.md has the type of every key."
  )

  /// Keys that do not go together.
  public static let contradiction = ErrorKind(
    "SL0105",
    "keys do not go together",
    meaning: "Two keys exclude each other, or one needs another that is not there.",
    cause: "A default of `sluice.yml` meets a key of the sync, or a setting was copied in part.",
    advice: "Remove one of the keys that are named, or add the one that is missing."
  )

  /// A name in a file means nothing.
  public static let unknownReference = ErrorKind(
    "SL0106",
    "a file names something that the project does not have",
    meaning: "A sync names a model, destination or channel that no file defines.",
    cause: "The name is misspelt, or its file or entry was renamed or removed.",
    advice: "The message has the nearest name, or all of them."
  )

  /// A reference gives no value.
  public static let unsetVariable = ErrorKind(
    "SL0107",
    "a reference gives no value",
    meaning: "A `${…}` refers to a variable that is not set, or to a file that cannot be read.",
    cause: "cron and systemd do not have the variables of your shell.",
    advice: "Set it in the environment or in `.env`, or write `${NAME:-default}`."
  )

  /// A file cannot be read.
  public static let unreadableFile = ErrorKind(
    "SL0108",
    "a file is missing or cannot be read",
    meaning: "A file that the project needs is not there, is empty, or may not be read.",
    cause:
      "A path is relative to the project, not to the file that names it; or rights are missing.",
    advice: "Correct the path, or the rights with `chmod`."
  )

  /// A template or expression cannot be compiled.
  public static let wrongTemplate = ErrorKind(
    "SL0109",
    "a template or expression is wrong",
    meaning: "A Liquid template or a JMESPath expression cannot be compiled.",
    cause: "A tag is not closed, a filter is unknown, a bracket is missing.",
    advice: "Try it alone: `sluice render FILE --data row.json`. docs/liquid.md has every filter."
  )

  /// A model is not one.
  public static let wrongModel = ErrorKind(
    "SL0110",
    "a model cannot be used",
    meaning: "The front matter or the query of a model is not what a model needs.",
    cause: "The query is empty, holds several statements, or the front matter has no end.",
    advice:
      "Write one SELECT, WITH, VALUES or TABLE statement. docs/configuration.md has an example."
  )

  /// Null values under a key that need not be the row's own.
  public static let sharedKey = ErrorKind(
    "SL0111",
    "null values need a key of the row's own",
    meaning: "A null value erases what stands under its key, and two rows could have the same key.",
    cause: "The key is not made of every column of the primary key.",
    advice: "Write `key: {primary_key: true}`, or say `null_values: unchecked` if you know better."
  )

  /// An environment cannot be used.
  public static let wrongEnvironment = ErrorKind(
    "SL0112",
    "an environment cannot be used",
    meaning: "The environment has no file `sluice.NAME.yml`, or the project asks for one.",
    cause: "`--env` or `SLUICE_ENV` is missing or misspelt.",
    advice: "Name one: `sluice run --env NAME`."
  )

  /// A command that prints a secret failed.
  public static let secretCommand = ErrorKind(
    "SL0113",
    "a command gave no secret",
    meaning: "A program of `${command:…}` failed, printed nothing, or took more than 30 s.",
    cause: "It is not installed, not logged in, or lacks a variable of its environment.",
    advice:
      "Run it by hand in the project's folder; `commands: {environment: […]}` hands variables on."
  )

  /// What is wrong was told before.
  public static let filesWithErrors = ErrorKind(
    "SL0114",
    "a file that the sync needs has errors",
    meaning: "The sync was left out; its files' errors are told on their own.",
    cause: "A file of the sync, of its model or of their connections is wrong.",
    advice: "`sluice check` shows every error with its place."
  )

  /// A model of dbt cannot be used.
  public static let dbtModel = ErrorKind(
    "SL0115",
    "a dbt model cannot be used",
    meaning:
      "`model: {dbt: NAME}` names a model that the manifest of dbt does not have as a relation "
      + "with a primary key.",
    cause:
      "dbt did not run yet, the model is disabled or ephemeral, or nothing says what is unique.",
    advice:
      "Run `dbt parse`, and say `meta: {sluice: {primary_key: COLUMN}}` in the model's properties."
  )

  static let configurationKinds = [
    syntax, unknownKey, missingKey, unusableValue, contradiction, unknownReference, unsetVariable,
    unreadableFile, wrongTemplate, wrongModel, sharedKey, wrongEnvironment, secretCommand,
    filesWithErrors, dbtModel,
  ]
}
