extension BadInput {
  static let syncs: [BadInput] = [
    .sync("sync-empty-map", "{}"),
    .sync("sync-without-topic", "model: customers\nkey: {column: id}\n"),
    .sync(
      "sync-topic-in-some-triggers",
      "model: customers\nkey: {column: id}\ntriggers: {added: {}, removed: {topic: b}}\n"
    ),
    .sync("sync-unknown-model", "model: custmers\ntopic: t\nkey: {column: id}\n"),
    .sync("sync-model-list", "model: [customers]\ntopic: t\nkey: {column: id}\n"),
    .syncKey("sync-unknown-destination", "destination: evnets\n"),
    .syncKey("sync-later-keys", "history: {messages: 5}\n"),
    .syncKey("sync-on-move-bad", "on_move: tombstones\n"),
    .sync("sync-on-move-without-key", "model: customers\ntopic: t\non_move: tombstone\n"),
    .syncKey(
      "sync-on-move-event-id",
      "on_move: tombstone\ntriggers: {changed: {key: {event_id: true}}}\n"
    ),
    // The models of these tests have the primary key `id`.
    .sync("sync-key-is-a-column", "model: customers\ntopic: t\nkey: ID\n"),
    .syncKey(
      "sync-trigger-key-is-a-column",
      "triggers: {added: {}, removed: {key: id, message: tombstone}}\n"
    ),
    .sync(
      "sync-null-value-under-another-key",
      "model: customers\ntopic: t\nkey: {column: email}\n"
        + "triggers: {added: {}, changed: {}, removed: {message: tombstone}}\n"
    ),
    .sync(
      "sync-move-under-another-key",
      "model: customers\ntopic: t\nkey: \"{{ row.id | upcase }}\"\non_move: tombstone\n"
    ),
    .syncKey(
      "sync-null-value-key-differs",
      "triggers: {added: {}, removed: {key: \"c-{{ row.id }}\", message: tombstone}}\n"
    ),
    .syncKey("sync-null-values-bad", "null_values: maybe\n"),
    .syncKey("sync-primary-key-is-no-header", "headers: {a: {primary_key: true}}\n"),
    .syncKey("sync-partition-is-a-column", "partition: shard\n"),
    .syncKey("sync-keys-of-other-tools", "retries: 5\nbatch_size: 3\nname: x\n"),
    BadInput(
      name: "sync-destination-needed",
      files: [
        "sluice.yml": """
        sources: {shop: {type: sqlite, path: shop.db}}
        destinations: {a: {type: kafka, brokers: embedded}, b: {type: kafka, brokers: embedded}}
        """
      ]
    ),
    .syncKey("sync-exactly-once-embedded", "delivery: exactly_once\n"),
    .syncKey(
      "sync-bad-choices",
      "initial_sync: bakcfill\non_model_change: 5\nunknown_topic: [x]\n"
    ),
    .syncKey("sync-triggers-empty", "triggers: []\n"),
    .syncKey("sync-triggers-empty-map", "triggers: {}\n"),
    .syncKey("sync-triggers-after-none", "triggers: {removed: {after: 0 runs}}\n"),
    .syncKey("sync-triggers-after-added", "triggers: {added: {after: 2 runs}}\n"),
    .syncKey("sync-triggers-unknown", "triggers: [added, updated, added, 5]\n"),
    .syncKey(
      "sync-triggers-map-unknown",
      "triggers: {created: {}, removed: {initial_sync: skip}}\n"
    ),
    .syncKey("sync-trigger-not-a-map", "triggers: {added: yes}\n"),
    .syncKey("sync-trigger-override-bad", "triggers: {added: {topic: 'a/b', key: ''}}\n"),
    .sync("sync-tombstone-without-key", "model: customers\ntopic: t\nmessage: tombstone\n"),
    .sync(
      "sync-trigger-tombstone-without-key",
      "model: customers\ntopic: t\ntriggers: {added: {}, removed: {message: tombstone}}\n"
    ),
    .sync("sync-no-order", "model: customers\ntopic: t\n"),
    .syncKey("sync-removal-looks-like-any-other", "system_headers: none\n"),
    .syncKey("sync-changed-when-both", "changed_when: {ignore: [a], only: [b]}\n"),
    .syncKey("sync-changed-when-empty", "changed_when: {}\n"),
    .syncKey("sync-changed-when-empty-list", "changed_when: {only: []}\n"),
    .syncKey("sync-changed-when-duplicate", "changed_when: {only: [a, b, a]}\n"),
    .syncKey("sync-changed-when-ignores-key", "changed_when: {ignore: [email, id]}\n"),
    .syncKey("sync-changed-when-list", "changed_when: [a]\n"),
    .syncKey("sync-guards-unknown", "guards: {max_changed: 5, max_removd: 5, most: 1}\n"),
    .syncKey("sync-guard-added-text", "guards: {max_added: lots}\n"),
    .syncKey("sync-guard-min-rows-percent", "guards: {min_rows: 120%}\n"),
    .syncKey("sync-guard-percent-too-much", "guards: {max_removed: 101%}\n"),
    .syncKey("sync-guard-negative", "guards: {max_removed: -1}\n"),
    .syncKey("sync-guard-text", "guards: {max_removed: some}\n"),
    .syncKey("sync-guard-list", "guards: {max_removed: [5]}\n"),
    .syncKey("sync-state-bad", "state: {required: perhaps, path: x}\n"),
    .syncKey("sync-tags-bad", "tags: ['a b', 'c,d', '']\n"),
    .syncKey("sync-system-headers-bad", "system_headers: [event-id, changes, event-id]\n"),
    .syncKey("sync-system-headers-text", "system_headers: some\n"),
    .syncKey("schedule-four-fields", "schedule: '* * * *'\n"),
    .syncKey("schedule-nickname", "schedule: '@hourly'\n"),
    .syncKey("schedule-minute", "schedule: '60 * * * *'\n"),
    .syncKey("schedule-hour-range", "schedule: '0 5-3 * * *'\n"),
    .syncKey("schedule-step", "schedule: '*/0 * * * *'\n"),
    .syncKey("schedule-step-of-value", "schedule: '5/10 * * * *'\n"),
    .syncKey("schedule-month-name", "schedule: '0 0 1 janury *'\n"),
    .syncKey("schedule-weekday", "schedule: '0 0 * * 8'\n"),
    .syncKey("schedule-never", "schedule: '0 0 31 2 *'\n"),
    .syncKey("schedule-number", "schedule: 5\n"),
  ]

  static let values: [BadInput] = [
    .sync(
      "topic-illegal-character",
      "model: customers\ntopic: 'shop/customers'\nkey: {column: id}\n"
    ),
    .sync("topic-dot", "model: customers\ntopic: ..\nkey: {column: id}\n"),
    .sync(
      "topic-too-long",
      "model: customers\ntopic: \(String(repeating: "t", count: 250))\nkey: {column: id}\n"
    ),
    .sync("topic-empty", "model: customers\ntopic: ''\nkey: {column: id}\n"),
    .sync("topic-null", "model: customers\ntopic:\nkey: {column: id}\n"),
    .sync("topic-literal-null", "model: customers\ntopic: {value: null}\nkey: {column: id}\n"),
    .sync("topic-literal-list", "model: customers\ntopic: {value: [a]}\nkey: {column: id}\n"),
    .sync("key-empty", "model: customers\ntopic: t\nkey: ''\n"),
    .sync("key-jmespath-syntax", "model: customers\ntopic: t\nkey: {jmespath: 'data.[id'}\n"),
    .sync("key-jmespath-number", "model: customers\ntopic: t\nkey: {jmespath: 5}\n"),
    .sync("key-jmespath-function", "model: customers\ntopic: t\nkey: {jmespath: upper(data)}\n"),
    .sync("key-jmespath-misspelt", "model: customers\ntopic: t\nkey: {jmespath: dat.id}\n"),
    .sync(
      "topic-jmespath-arity",
      "model: customers\ntopic:\n  jmespath: |\n    data |\n    join(@)\nkey: {column: id}\n"
    ),
    .sync("key-event-id-false", "model: customers\ntopic: t\nkey: {event_id: false}\n"),
    .sync("topic-event-id", "model: customers\ntopic: {event_id: true}\nkey: {column: id}\n"),
    .sync("key-misspelt-form", "model: customers\ntopic: t\nkey: {colunm: id}\n"),
    .sync("key-two-forms", "model: customers\ntopic: t\nkey: {column: id, value: 5}\n"),
    .sync("key-empty-map", "model: customers\ntopic: t\nkey: {}\n"),
    .sync("key-column-empty", "model: customers\ntopic: t\nkey: {column: ''}\n"),
    .sync("key-column-number", "model: customers\ntopic: t\nkey: {column: 5}\n"),
    .syncKey("partition-negative", "partition: -1\n"),
    .syncKey("partition-text", "partition: first\n"),
    .syncKey("partition-fraction", "partition: 3.7\n"),
    .syncKey("partition-too-large", "partition: 99999999999\n"),
    .syncKey("partition-boolean", "partition: {value: true}\n"),
    .syncKey("headers-list", "headers: [a]\n"),
    .syncKey("headers-empty-name", "headers: {'': x}\n"),
    .syncKey("headers-null", "headers: {a: , b: {jmespath: x}}\n"),
    .syncKey("headers-reference-in-name-is-text", "headers: {'${NAME}': [x]}\n"),
    .syncKey("value-infinity", "headers: {a: {value: .inf}, b: {value: [1, .nan]}}\n"),
    .syncKey("message-text", "message: columns\n"),
    .syncKey("message-empty-map", "message: {}\n"),
    .syncKey("message-two-bodies", "message: {columns: all, column: doc}\n"),
    .syncKey("message-jmespath-no-data", "message: {jmespath: email}\n"),
    .syncKey("message-column-list", "message: {column: [a]}\n"),
    .syncKey("message-column-template", "message: {column: '{{ x }}'}\n"),
    .syncKey("columns-empty-list", "message: {columns: []}\n"),
    .syncKey("columns-empty-map", "message: {columns: {}}\n"),
    .syncKey("columns-duplicate", "message: {columns: [a, b, a]}\n"),
    .syncKey("columns-text", "message: {columns: some}\n"),
    .syncKey("columns-null-member", "message: {columns: {a: , b: 5, c: true}}\n"),
    .syncKey("columns-list-member", "message: {columns: {a: [b]}}\n"),
    .syncKey(
      "columns-jmespath-no-data",
      "message: {columns: {a: {jmespath: x}, b: {column: '{{ row.b }}'}}}\n"
    ),
    .syncKey("columns-nested-errors", "message: {columns: {a: {b: {c: [x], d: {column: ''}}}}}\n"),
    .syncKey("columns-object-not-a-map", "message: {columns: {a: {object: x}}}\n"),
  ]
}
