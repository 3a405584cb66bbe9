import Settings

extension KeyTable {
  /// The front matter of `models/NAME.sql`.
  static let model = KeyTable(
    "the front matter",
    [
      .optional("source", .string, says: "Name of a source of sluice.yml; the only one by default"),
      .required("primary_key", .strings, says: "The columns that identify a row"),
      .optional(
        "types",
        .map(.choice(of: CastType.self)),
        says: "Types by column, where none is known"
      ),
      .optional("tests", .list(.table(rowTest), countMin: 0), says: "What must hold of the rows"),
      .optional("gate", .table(gate), says: "What must have happened before the model is read"),
    ]
  )

  /// One of `tests:` of a model: a rule, its name and its severity.
  static let rowTest = KeyTable(
    "a test",
    [
      .optional("not_null", .string, says: "A column that has a value in every row"),
      .optional("unique", .strings, says: "Columns whose values no two rows share"),
      .optional(
        "accepted_values",
        .map(.either([.text, .list(.text, countMin: 1)])),
        says: "The values that a column may have"
      ),
      .optional("expression", .string, says: "A condition of SQL that holds for every row"),
      .optional("name", .string, says: "Names the test in messages"),
      .optional(
        "severity",
        .choice(of: RowTest.Severity.self),
        says: "Whether the run stops or only warns"
      ),
    ]
  )

  /// `gate:` of a model.
  static let gate = KeyTable(
    "'gate'",
    [.required("dbt_run_results", .string, says: "Path of dbt's run_results.json")]
  )

  /// A case of `syncs/NAME.test.yml`.
  static let testCase = KeyTable(
    "a case",
    [
      .required("name", .text, says: "What the case is about"),
      .required("change", .choice(of: Change.self), says: "What happened to the row"),
      .required("row", .map(.any), says: "The row's values by column"),
      .optional("previous", .map(.any), says: "The values before the change that were different"),
      .optional("expect", .table(expectation), says: "The message; what is named is compared"),
      .optional("rejected", .string, says: "A part of the reason for which the row is rejected"),
      .optional("nothing", .boolean, says: "Whether nothing is sent"),
    ]
  )

  /// `expect` of a case.
  static let expectation = KeyTable(
    "an expected message",
    [
      .optional("topic", .text, says: "The topic"),
      .optional("key", .either([.null, .text]), says: "The key; null for none"),
      .optional(
        "partition",
        .either([.null, .integer(0...Int(Int32.max))]),
        says: "The partition; null for none"
      ),
      .optional("headers", .map(.either([.null, .text])), says: "Headers by name; null for none"),
      .optional("message", .any, says: "The value; null for a null value"),
    ],
    countMin: 1
  )
}
