extension BadInput {
  static let yaml: [BadInput] = [
    .sync("yaml-unquoted-star", "model: customers\ntopic: t\nschedule: */5 * * * *\n"),
    .sync("yaml-unquoted-template", "model: customers\ntopic: t\nkey: {{ row.id }}\n"),
    .sync("yaml-tab-indent", "model: customers\ntopic: t\nguards:\n\tmax_removed: 5\n"),
    .sync("yaml-unclosed-quote", "model: customers\ntopic: \"t\nkey: {column: id}\n"),
    .sync("yaml-unclosed-flow", "model: customers\ntopic: t\ntriggers: [added, changed\n"),
    .sync("yaml-colon-in-plain", "model: customers\ntopic: a: b\n"),
    .sync("yaml-wrong-indent", "model: customers\ntopic: t\n  key: {column: id}\n"),
    .sync("yaml-missing-colon", "model: customers\ntopic\nkey: {column: id}\n"),
    .sync("yaml-at-sign", "model: customers\ntopic: @home\n"),
    .sync("yaml-control-character", "model: customers\ntopic: a\u{1}b\n"),
    .sync("yaml-escape-in-quotes", "model: customers\ntopic: \"a\\qb\"\n"),
    .sync("yaml-nul-escape", "model: customers\ntopic: \"a\\0b\"\n"),
    .sync("yaml-duplicate-key", "model: customers\ntopic: a\nkey: {column: id}\ntopic: b\n"),
    .sync("yaml-duplicate-nested-key", "model: customers\ntopic: a\nheaders: {a: x, b: y, a: z}\n"),
    .sync("yaml-merge-key", "model: customers\ntopic: a\nheaders: {<<: {a: b}}\n"),
    .sync("yaml-complex-key", "model: customers\ntopic: a\n? [a, b]\n: c\n"),
    .sync("yaml-tag", "model: customers\ntopic: !!str 5\nkey: !include key.yml\n"),
    .sync("yaml-undefined-alias", "model: customers\ntopic: *name\n"),
    .sync("yaml-recursive-alias", "model: customers\ntopic: a\ntags: &tags [*tags]\n"),
    .sync("yaml-alias-bomb", aliasBomb),
    .sync(
      "yaml-deep-nesting",
      "model: customers\ntopic: " + String(repeating: "[", count: 200)
        + String(repeating: "]", count: 200)
    ),
    .sync("yaml-two-documents", "model: customers\ntopic: t\n---\nmodel: other\n"),
    .sync("yaml-two-documents-second-broken", "model: customers\ntopic: t\n---\n[\n"),
    .sync("yaml-crlf-and-bom", "\u{FEFF}modle: customers\r\ntopic: t\r\nkye: {column: id}\r\n"),
    .sync("yaml-wide-characters", "model: customers\ntopic: 日本\nheaders: {née: 1, née: 2}\n"),
    .sync(
      "yaml-long-line",
      "model: customers\ntopic: t\nheaders: {" + String(repeating: "a", count: 300) + ": [x]}\n"
    ),
    .sync("yaml-not-a-map", "- model: customers\n"),
    .sync("yaml-scalar-root", "customers\n"),
    .sync("yaml-several-errors-at-once", "modle: customers\ntopic: [a]\ndelivry: x\ntags: [5]\n"),
  ]

  private static let aliasBomb: String = {
    var text = "model: customers\ntopic: t\nheaders:\n  a0: &a0 {value: [x,x,x,x,x,x,x,x,x,x]}\n"
    for level in 1...8 {
      let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "  a\(level): &a\(level) {value: [\(items)]}\n"
    }
    return text
  }()

  static let files: [BadInput] = [
    BadInput(name: "files-no-project", files: ["sluice.yml": nil]),
    BadInput(
      name: "files-project-misnamed",
      files: ["sluice.yml": nil, "sluice.yaml": "sources: {}"]
    ),
    .project("files-empty-project", ""),
    .project("files-comments-only", "# nothing here\n"),
    .sync("files-empty-sync", ""),
    .sync("files-huge", String(repeating: "# padding\n", count: 120_000)),
    BadInput(
      name: "files-misnamed",
      files: [
        "syncs/orders.yaml": "model: customers", "syncs/README.md": "notes",
        "syncs/old/customers.yml": "", "syncs/Upper.YML": "", "syncs/customers.test.yml": "- {}",
        "syncs/.hidden.yml": "", "syncs/bad name.yml": "", "models/query.SQL": "",
        "models/notes.txt": "", "models/model.yml": "",
      ]
    ),
    BadInput(
      name: "files-names-differ-in-case",
      files: ["syncs/Customers.yml": TemporaryProject.files["syncs/customers.yml"]]
    ),
    BadInput(name: "files-sync-is-folder", files: ["syncs/orders.yml/x": ""]),
    .project("project-empty-map", "{}\n"),
    .project("project-no-destinations", "sources: {shop: {type: sqlite, path: shop.db}}\n"),
    .project("project-empty-sections", "sources: {}\ndestinations: {}\n"),
    .project("project-sections-as-lists", "sources: [a]\ndestinations: text\n"),
    .project(
      "project-bad-names",
      "sources: {'a b': {type: sqlite, path: x}}\ndestinations: {.e: {type: kafka, brokers: b}}\n"
    ),
    .projectKey("project-unknown-keys", "telemetry: {}\nhistroy: {runs: 5}"),
    .projectKey("project-timezone-unknown", "timezone: Mars/Olympus"),
    .projectKey("project-timezone-path", "timezone: ../../etc/passwd"),
    .projectKey("project-timezone-number", "timezone: 5"),
    .projectKey("project-history-bad", "history: {runs: 0, messages: 10001, mesages: 5}"),
    .projectKey("project-history-text", "history: {runs: many}"),
    .projectKey("project-state-bad", "state: {path: '', required: maybe, dir: x}"),
    .projectKey(
      "defaults-keys-without-default",
      "defaults: {model: customers, topic: t, key: {column: id}, message: tombstone, tpic: x}"
    ),
    .projectKey(
      "defaults-bad-values",
      """
      defaults:
        destination: evnts
        delivery: exactly_twice
        triggers: {added: {topic: '!'}, remvoed: {}}
        headers: {a: [b]}
        guards: {max_removed: 150%}
        schedule: hourly
      """
    ),
  ]

  static let references: [BadInput] = [
    .syncKey("reference-unset", "headers: {a: '${NOPE}', b: \"x ${NOPE_TOO} y\"}"),
    .syncKey("reference-unset-in-block", "headers:\n  a: |\n    first\n    ${NOPE}\n"),
    .syncKey("reference-unset-unquoted-in-flow", "tags: [a, ${NOPE}, b]"),
    .syncKey("reference-not-closed", "headers: {a: 'x ${NOPE'}"),
    .syncKey("reference-bad-names", "headers: {a: '${1A}', b: '${}', c: '${A-B}', d: '${A:?no}'}"),
    .syncKey("reference-nested", "headers: {a: '${A:-${B}}'}"),
    .syncKey("reference-template-after-dollar", "headers: {price: '${{ row.price }}'}"),
    .syncKey("reference-file-missing", "headers: {a: '${file:nope.txt}', b: '${file:}'}"),
    .syncKey("reference-file-folder", "headers: {a: '${file:models}'}"),
    BadInput(
      name: "reference-value-checked",
      files: ["syncs/customers.yml": "model: ${M}\ntopic: ${T}\nkey: {column: id}\n"],
      environment: ["M": "custmers", "T": "a b"]
    ),
    BadInput(
      name: "reference-secret-not-shown",
      files: [
        "sluice.yml": """
        sources:
          shop: {type: ${TYPE}, path: shop.db}
        destinations:
          events: {type: kafka, brokers: "${BROKERS}", tls: ${TLS}}
        """
      ],
      environment: ["TYPE": "hunter2", "BROKERS": "hunter2:x", "TLS": "hunter2"]
    ),
    BadInput(
      name: "environment-file-bad",
      files: [".env": "A=1\nhunter2\nB C=s3cr3t\nexport D='x' hunter2\nE=\"s3cr3t\nF=1\n"]
    ),
  ]
}
