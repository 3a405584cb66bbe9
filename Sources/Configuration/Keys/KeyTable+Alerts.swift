import Settings

extension KeyTable {
  /// `alerts`.
  static let alerts = KeyTable(
    "'alerts'",
    [
      .optional("channels", .map(.variants(.channel)), says: "Who can be told, by name"),
      .optional("rules", .list(.variants(.rule), countMin: 0), says: "What is told to whom"),
      .optional(
        "heartbeat",
        .either([.table(heartbeat), .list(.table(heartbeat), countMin: 0)]),
        says: "What is called when runs begin and end"
      ),
    ]
  )

  /// A heartbeat.
  static let heartbeat = KeyTable(
    "a heartbeat",
    [
      .required(
        "url",
        .string,
        says: "The URL that is called; {sync} stands for the name of the sync"
      ),
      narrowedSyncs, narrowedTags,
    ]
  )

  fileprivate static let narrowedSyncs = Key.optional(
    "syncs",
    .strings,
    says: "Only for syncs with these names"
  )
  fileprivate static let narrowedTags = Key.optional(
    "tags",
    .strings,
    says: "Only for syncs with these tags"
  )
}

extension KeyVariants {
  /// One of `alerts.channels`.
  static let channel = KeyVariants(
    key: "type",
    tables: AlertChannelReader.Kind.allCases.map { kind in
      let keys: [KeyTable.Key] = [
        .required("type", .choice([kind.rawValue]), says: "What kind of channel it is"),
        .optional(
          "min",
          .choice(of: AlertSeverity.self),
          says: "The least severity that it is told"
        ),
      ]
      let subject = "a channel of type \(kind.rawValue)"
      return (kind.rawValue, KeyTable(subject, keys + kind.keys))
    }
  )

  /// One of `alerts.rules`.
  static let rule = KeyVariants(
    key: "on",
    tables: AlertRule.Kind.allCases.map { kind in
      let keys: [KeyTable.Key] = [
        .required("on", .choice([kind.rawValue]), says: "What the rule looks at"),
        .required("channels", .strings, says: "Names of the channels that are told"),
        .optional("severity", .choice(of: AlertSeverity.self), says: "How grave it is"),
        KeyTable.narrowedSyncs, KeyTable.narrowedTags,
        .optional("mute_until", .string, says: "Nothing is told before this time"),
      ]
      let subject = "a rule on \(kind.rawValue)"
      return (kind.rawValue, KeyTable(subject, keys + AlertRuleReader.ownKeys(of: kind)))
    }
  )
}
