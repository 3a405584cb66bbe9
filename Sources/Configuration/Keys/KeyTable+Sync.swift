import Settings

extension KeyTable {
  /// `syncs/NAME.yml`.
  static let sync = KeyTable("a sync", ownKeys + sharedKeys)

  /// `defaults` of a project.
  static let defaults = KeyTable("'defaults'", sharedKeys)

  /// The keys that each sync says for itself.
  private static let ownKeys: [Key] = [
    .required(
      "model",
      .either([.string, .table(dbtModel)]),
      says: "Name of a file in models/, without .sql, or {dbt: NAME}"
    ),
    topic, key, message,
  ]

  /// The keys that defaults may have, too.
  private static let sharedKeys: [Key] = [
    .optional("destination", .string, says: "Name of a destination of sluice.yml"),
    .optional(
      "triggers",
      triggers,
      says: "The changes that are sent; a map overrides keys of the sync"
    ),
    partition, headers, systemHeaders,
    .optional("initial_sync", .choice(of: InitialSync.self), says: "What the first run sends"),
    .optional("changed_when", .table(changedWhen), says: "Which columns count as a change"),
    .optional(
      "on_model_change",
      .choice(of: ModelChangePolicy.self),
      says: "What a new or dropped column does"
    ),
    .optional(
      "on_move",
      .choice(of: MovePolicy.self),
      says: "What happens at the place a row has left"
    ),
    .optional(
      "null_values",
      .choice(of: NullValuePolicy.self),
      says: "Which keys null values may have"
    ),
    .optional(
      "unknown_topic",
      .choice(of: UnknownTopicPolicy.self),
      says: "What a topic does that the cluster does not have"
    ),
    .optional("guards", .table(guards), says: "What stops a run before it sends anything"),
    .optional(
      "delivery",
      .choice(of: DeliveryGuarantee.self),
      says: "How often a message may arrive"
    ),
    .optional("state", .table(stateRequirement), says: "Whether a missing state is an error"),
    .optional("schedule", .string, says: "Five fields of cron, for 'sluice crontab'"),
    .optional(
      "tags",
      .either([.string, .list(.string, countMin: 0)]),
      says: "Tags for --tag and alerts"
    ),
    .optional("partials", .string, says: "The folder of Liquid partials"),
    .optional("limits", .table(limits), says: "What one rendering of a template may use"),
  ]

  /// `model` as a map.
  static let dbtModel = KeyTable(
    "a model",
    [.required("dbt", .string, says: "Name of a dbt model, also as PACKAGE.NAME")]
  )

  // MARK: - Messages

  /// What a trigger may override; a removal may also wait.
  static func trigger(_ change: Change) -> KeyTable {
    let overrides = [topic, key, partition, headers, systemHeaders, message]
    return KeyTable("a trigger", overrides + (change == .removed ? [after] : []))
  }

  private static let after = Key.optional(
    "after",
    .form(RemovalGrace.form),
    says: "How long a row must be missing before it is removed: 2 runs or 30min"
  )

  private static let topic = Key.optional("topic", value(.topic), says: "The topic of each message")
  private static let key = Key.optional("key", value(.key), says: "The key of each message")
  private static let partition = Key.optional(
    "partition",
    value(.partition),
    says: "The partition of each message"
  )
  private static let headers = Key.optional(
    "headers",
    .map(value(.header)),
    says: "Headers of each message, by name"
  )
  private static let systemHeaders = Key.optional(
    "system_headers",
    .either([.choice(["all", "none"]), .list(.choice(of: SystemHeader.self), countMin: 0)]),
    says: "Headers that Sluice adds"
  )
  private static let message = Key.optional(
    "message",
    .either([.choice(["tombstone"]), .one(of: body)]),
    says: "The value of each message; all columns by default"
  )

  /// `triggers` as a map.
  static let triggerMap = KeyTable(
    "'triggers'",
    Change.allCases.map {
      .optional(
        $0.rawValue,
        .either([.null, .table(trigger($0))]),
        says: "Messages of \($0.rawValue) rows"
      )
    }
  )

  private static let triggers = KeyShape.either([
    .table(triggerMap), .choice(of: Change.self), .list(.choice(of: Change.self), countMin: 1),
  ])

  /// `message` as a map.
  static let body = KeyTable(
    "a message",
    [
      .optional("template", .string, says: "A Liquid template of the JSON text"),
      .optional("template_file", .string, says: "The path of such a template"),
      .optional("jmespath", .string, says: "A JMESPath expression"),
      .optional(
        "columns",
        .either([.choice(["all"]), .list(.string, countMin: 1), .map(.member)]),
        says: "Columns as members: all, a list, or a map of names and values"
      ),
      .optional("column", .string, says: "The column that holds the whole JSON"),
    ]
  )

  /// The forms that a value can have wherever one can stand.
  static let valueForms = KeyTable(
    "a value",
    [
      .optional("column", .string, says: "The value of a column"),
      .optional("template", .string, says: "A Liquid template"),
      .optional("template_file", .string, says: "The path of a Liquid template"),
      .optional("jmespath", .string, says: "A JMESPath expression"),
      .optional("value", .any, says: "A constant"),
      .optional(
        "variable",
        .string,
        says: "A variable of templates, such as change or previous.email"
      ),
    ]
  )

  /// The forms that only a key can have.
  static let keyForms = KeyTable(
    "a key",
    [
      .optional("primary_key", .boolean, says: "The row's primary key"),
      .optional("event_id", .boolean, says: "The message's event id"),
    ]
  )

  /// The forms that a value for `use` can have.
  static func forms(of use: ValueReader.Use) -> KeyTable {
    KeyTable(use.noun, valueForms.keys + (use == .key ? keyForms.keys : []))
  }

  private static func value(_ use: ValueReader.Use) -> KeyShape {
    let constant: KeyShape =
      use == .partition
      ? .either([.integer(0...Int(Int32.max)), .form("[0-9]+(\\.0+)?|(.|\n)*\\{[{%](.|\n)*")])
      : .text
    return .either([constant, .one(of: forms(of: use))])
  }

  // MARK: - Options

  /// `changed_when`.
  static let changedWhen = KeyTable(
    "'changed_when'",
    [
      .optional("ignore", .strings, says: "Columns that do not count"),
      .optional("only", .strings, says: "The columns that count"),
    ],
    countMin: 1
  )

  /// `guards`.
  static let guards = KeyTable(
    "'guards'",
    Guard.allCases.map {
      .optional(
        $0.rawValue,
        .either([.integer(0...Int.max), .percent, .choice(["none"])]),
        says: "A number of rows, a percentage of the snapshot's rows, or none"
      )
    }
  )

  /// `state` of a sync.
  static let stateRequirement = KeyTable(
    "'state'",
    [.optional("required", .boolean, says: "Whether a missing state is an error")]
  )

  /// `limits`.
  static let limits = KeyTable(
    "'limits'",
    [
      .optional("render", .duration, says: "How long it may take"),
      .optional(
        "output",
        .either([.integer(1...LimitReader.outputMax), .form(ByteSizeText.form)]),
        says: "How much it may write"
      ),
      .optional(
        "iterations",
        .integer(1...LimitReader.iterationsMax),
        says: "How many rounds of loops"
      ),
    ]
  )
}
