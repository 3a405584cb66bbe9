extension BadInput {
  /// The good sync with something added, beside other files.
  private static func sync(
    _ name: String,
    with files: [String: String],
    _ text: String,
    environment: [String: String] = [:]
  ) -> BadInput {
    let sync = "model: customers\ntopic: customers\nkey: {column: id}\n" + text
    return BadInput(
      name: name,
      files: files.mapValues(Optional.some).merging(["syncs/customers.yml": sync]) { $1 },
      environment: environment
    )
  }

  static let templates: [BadInput] = [
    .sync(
      "template-key-unknown-filter",
      "model: customers\ntopic: t\nkey: \"{{ row.id | upcse }}\"\n"
    ),
    .sync(
      "template-key-unknown-tag",
      "model: customers\ntopic: t\nkey: '{% fi row.id %}x{% endif %}'\n"
    ),
    .sync("template-key-unknown-variable", "model: customers\ntopic: t\nkey: k-{{rwo.id}}\n"),
    .sync(
      "template-topic-not-closed",
      "model: customers\ntopic: 't.{{ row.id'\nkey: {column: id}\n"
    ),
    .syncKey("template-partition", "partition: '{{ row.id | modulo }}'\n"),
    .syncKey(
      "template-header-member-unknown",
      "headers: {a: '{{ sync.nmae }}', b: {template: '{{ now }'}}\n"
    ),
    .syncKey("template-header-secret", "headers: {token: 'hunter2 {{ rwo.id }}'}\n"),
    .syncKey("template-in-trigger", "triggers: {added: {key: '{{ row.id | x }}'}}\n"),
    .syncKey("template-empty", "message: {template: ''}\nheaders: {a: {template: 5}}\n"),
    .syncKey(
      "template-body-literal",
      "message:\n  template: |\n    { \"id\": {{ row.id }},\n\n      \"é\": {{ row.name | upcase | splt: ',' }} }\n"
    ),
    .syncKey(
      "template-body-literal-crlf",
      "message:\r\n  template: |-\r\n    {\r\n      \"a\": {{ rwo.a }}\r\n    }\r\n"
    ),
    .syncKey(
      "template-body-literal-indented",
      "message:\n  template: |2 # with a comment\n      { \"id\": {{ row.id | jsn }} }\n"
    ),
    .syncKey(
      "template-body-folded",
      "message:\n  template: >\n    { \"id\":\n    {{ row.id }},\n\n      \"b\": 1,\n\n    \"a\": {{ previus.name }} }\n"
    ),
    .syncKey(
      "template-body-double-quoted",
      "message: {template: \"{\\\"id\\\": \\u007B{ row.id }},\\n \\\"é\\\":\n     \\\n     {% iff row.x %}1{% endif %}}\"}\n"
    ),
    .syncKey(
      "template-body-single-quoted",
      "message: {template: '{\"it''s\": {{ row.a | no }} }'}\n"
    ),
    .syncKey(
      "template-body-anchored",
      "message:\n  columns:\n    a: &t '{{ row.a | no }}'\n    b: *t\n"
    ),
    .syncKey(
      "template-body-no-json",
      "message:\n  template: |\n    {\n      \"id\": {{ row.id }}\n      \"list\": [{% for x in row.xs %}{{ x }} {{ x }},{% endfor %}0],\n      \"name\" \"{{ row.name }}\",\n    }\n"
    ),
    .sync(
      "template-file-no-json",
      with: [
        "templates/b.liquid": "{\n  \"a\": {% render 'p', x: row.a %}\n  \"b\": 1\n",
        "templates/p.liquid": "{\"x\": {{ x }} \"y\": 1}",
      ],
      "message: {template_file: templates/b.liquid}\n"
    ),
    .syncKey(
      "template-several-errors",
      "message:\n  template: |\n    {\"a\": {{ rwo.a }}, \"b\": {{ row.b | upcse }},\n     \"c\": {{ row.c | splt: }}}\nheaders: {h: '{{ nwo }}{{ row.x | no }}'}\n"
    ),
    .syncKey("template-body-not-ended", "message:\n  template: |\n    {% if row.a %}{}\n"),
    .sync(
      "template-behind-reference",
      with: [:],
      "headers: {a: '${LONG} $${x} {{ row.a | no }}', b: '${BAD}'}\n",
      environment: ["LONG": "a long text", "BAD": "{{ row.a | no }}"]
    ),
    .syncKey("template-column-is-template", "message: {columns: {a: {column: '{{ row.a }}'}}}\n"),
    .syncKey(
      "template-columns",
      "message: {columns: {a: '{{ rwo.a }}', b: {c: {template: '{% x %}'}}}}\n"
    ),
    .sync(
      "template-file",
      with: ["bodies/customer.json": "\u{FEFF}{\n\t\"password\": \"{{ row.pw | md6 }}\"\n}\n"],
      "message: {template_file: ./bodies/customer.json}\n"
    ),
    .sync(
      "template-files-unreadable",
      with: ["empty.liquid": ""],
      "message: {template_file: nope.liquid}\nheaders: {a: {template_file: models}, b: {template_file: empty.liquid}, c: {template_file: [x]}}\n"
    ),
    .sync(
      "template-partial",
      with: [
        "templates/address.liquid": "{\"city\":\n  {{ city | upcse }}}",
        "templates/unused.liquid": "{% for x in y %}",
      ],
      "message: {template: '{% render \"address\", city: row.city %}'}\nheaders: {a: '{% render \"addres\" %}'}\n"
    ),
    .sync(
      "template-partial-nested",
      with: ["p/a.liquid": "\n{% include 'b' %}", "p/b.liquid": "\"{{ rwo.x }}\""],
      "partials: p\nmessage: {template: \"{% include 'a' %}\"}\n"
    ),
    .syncKey("partials-missing", "partials: nope\n"),
    .syncKey("partials-list", "partials: [a]\n"),
    .syncKey("limits-bad", "limits: {render: 2h, output: 1MB, iterations: 0, memory: 5}\n"),
    .syncKey("limits-bounds", "limits: {render: 0s, output: 65MiB, iterations: many}\n"),
    .syncKey("limits-list", "limits: [1s]\n"),
    .syncKey(
      "variable-unknown",
      "headers: {a: {variable: chnage}, b: {variable: sync.nmae}, c: {variable: x}, d: {variable: [x]}}\n"
    ),
    .syncKey(
      "variable-more",
      "headers: {a: {variable: now | date}, b: {variable: 'row.a }}x'}, c: {variable: row.}, d: {variable: '{{ now }}'}}\n"
    ),
    .projectKey(
      "template-in-defaults",
      "defaults: {headers: {a: '{{ row.x | no }}'}, limits: {output: x}, partials: nope}"
    ),
  ]
}
