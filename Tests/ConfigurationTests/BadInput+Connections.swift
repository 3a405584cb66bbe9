extension BadInput {
  static let connections: [BadInput] = [
    .source("source-without-type", "path: shop.db"),
    .source("source-unknown-type", "type: postgress"),
    .source("source-oracle", "type: oracle"),
    .source("source-sqlite-without-path", "type: sqlite"),
    .source("source-sqlite-bad", "type: sqlite\npath: ':memory:'\nimmutable: 3\nurl: x"),
    .source("source-sqlite-path-list", "type: sqlite\npath: [a]"),
    .source("source-postgres-without-anything", "type: postgres"),
    .source("source-postgres-path", "type: postgres\nurl: postgres://h/d\npath: x"),
    .source(
      "source-postgres-url-and-keys",
      "type: postgres\nurl: postgres://hunter2@h/d\nhost: h\nport: 1\nuser: ok"
    ),
    .source("source-postgres-url-bad", "type: postgres\nurl: shop-s3cr3t"),
    .source("source-postgres-url-empty", "type: postgres\nurl: ''"),
    .source(
      "source-postgres-values",
      """
      type: postgres
      dbname: d
      port: 99999
      sslmode: required
      connect_timeout: soon
      hst: h
      password: [hunter2]
      """
    ),
    .source(
      "source-postgres-session",
      """
      type: postgres
      dbname: d
      session:
        TimeZone: Europe/Berlin
        datestyle: German
        transaction_isolation: serializable
        'bad name': 1
        search_path: [a, b]
        statement_timeout: null
      """
    ),
    .source(
      "source-secret-line-masked",
      "{type: postgres, dbname: d, password: hunter2, usr: x}"
    ),
    .source(
      "source-secret-block-masked",
      "type: postgres\ndbname: d\npassword: |\n  hunter2\n  s3cr3t\npassword: \"again s3cr3t\""
    ),
    .source(
      "source-secret-in-broken-yaml",
      "type: postgres\ndbname: d\npassword: \"hunter2\\q\""
    ),
    .source(
      "source-secret-continued-in-broken-yaml",
      "type: postgres\npassword: |\n  s3cr3t\n \tbad\nurl: 'x"
    ),
    .source(
      "source-secret-url-in-broken-yaml",
      "url: postgres://u:hunter2@host/db: x"
    ),
    .source("source-not-a-map", "just text"),
    .destination("destination-without-anything", "client_id: x"),
    .destination("destination-unknown-type", "type: rabbit\nbrokers: b:1"),
    .destination(
      "destination-brokers-bad",
      "type: kafka\nbrokers: ['SSL://a:1', 'b:x', 'c:0', '', 'd d:1', '[::1', 5, a:1:2, 'ok:9092']"
    ),
    .destination("destination-brokers-empty-list", "type: kafka\nbrokers: []"),
    .destination("destination-brokers-map", "type: kafka\nbrokers: {a: 1}"),
    .destination("destination-create-topics", "type: kafka\nbrokers: b:1\ncreate_topics: true"),
    .destination(
      "destination-create-topics-bad",
      """
      type: kafka
      brokers: b:1
      create_topics: {partitions: 0, replication_factor: many, config: {a: [1], b: null}, replicas: 3}
      """
    ),
    .destination(
      "destination-create-topics-embedded",
      "type: kafka\nbrokers: embedded\ncreate_topics: {partitions: 3}"
    ),
    .destination("destination-tls-unverified", "type: kafka\nbrokers: b:1\ntls: {verify: false}"),
    .destination("destination-tls-list", "type: kafka\nbrokers: b:1\ntls: [true]"),
    .destination("destination-tls-bad", "type: kafka\nbrokers: b:1\ntls: {verfy: false}"),
    .destination(
      "destination-tls-contradictions",
      "type: kafka\nbrokers: b:1\ntls: false\nca: x.pem\ncertificate: x\nprivate_key: hunter2"
    ),
    .destination(
      "destination-tls-unverified-ca",
      "type: kafka\nbrokers: b:1\ntls: {verify: false}\nca: x.pem"
    ),
    .destination("destination-tls-no-key", "type: kafka\nbrokers: b:1\ncertificate: x.pem"),
    .destination(
      "destination-tls-no-certificate",
      "type: kafka\nbrokers: b:1\nprivate_key: hunter2"
    ),
    .destination("destination-tls-no-file", "type: kafka\nbrokers: b:1\nca: certs/ca.pem"),
    .destination(
      "destination-tls-files-bad",
      """
      type: kafka
      brokers: b:1
      ca: {path: x}
      certificate: "-----BEGIN PRIVATE KEY-----"
      private_key: {file: "-----BEGIN CERTIFICATE-----", password: [5], cipher: hunter2}
      """
    ),
    .destination(
      "destination-sasl-unknown-mechanism",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: scram-sha512, username: u, password: hunter2}"
    ),
    .destination(
      "destination-sasl-kerberos",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: gssapi, username: u, password: hunter2}"
    ),
    .destination(
      "destination-sasl-other-keys",
      """
      type: kafka
      brokers: b:1
      sasl:
        mechanism: scram-sha-512
        username: u
        password: hunter2
        token: hunter2
        access_key_id: x
      """
    ),
    .destination(
      "destination-scram-without-tls",
      "type: kafka\nbrokers: b:1\ntls: false\nsasl: {mechanism: scram-sha-256, username: u, password: hunter2}"
    ),
    .destination(
      "destination-token-without-tls",
      "type: kafka\nbrokers: b:1\ntls: false\nsasl: {mechanism: oauthbearer, token: hunter2}"
    ),
    .destination(
      "destination-oauth-nothing",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: oauthbearer}"
    ),
    .destination(
      "destination-oauth-too-much",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: oauthbearer, token: hunter2, command: c, scope: s, token_endpoint: 'https://h/t'}"
    ),
    .destination(
      "destination-oauth-token-and-client",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: oauthbearer, token: hunter2, client_id: c, client_secret: hunter2, extensions: {a: b}}"
    ),
    .destination(
      "destination-oauth-bad",
      """
      type: kafka
      brokers: b:1
      sasl:
        mechanism: oauthbearer
        token_endpoint: ftp://h/t
        client_id: [a]
        client_secret: hunter2
        scope: 5
        extensions: {auth: x, a-b: x, "": x, ok: é, list: []}
      """
    ),
    .destination(
      "destination-oauth-endpoint-in-clear",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: oauthbearer, token_endpoint: 'http://login.example.com/t', client_id: c, client_secret: hunter2}"
    ),
    .destination(
      "destination-iam-without-tls",
      "type: kafka\nbrokers: b:1\ntls: false\nsasl: {mechanism: aws-iam}"
    ),
    .destination(
      "destination-iam-bad",
      """
      type: kafka
      brokers: b:1
      sasl: {mechanism: aws-iam, region: 'EU/west', access_key_id: AKIA, profile: p, username: u}
      """
    ),
    .destination(
      "destination-iam-halves",
      "type: kafka\nbrokers: b:1\nsasl: {mechanism: aws-iam, secret_access_key: hunter2, session_token: hunter2}"
    ),
    .destination(
      "destination-sasl-incomplete",
      "type: kafka\nbrokers: b:1\nsasl: {mechansim: plain, username: null, token: hunter2}"
    ),
    .destination(
      "destination-sasl-without-tls",
      "type: kafka\nbrokers: b:1\ntls: false\nsasl: {mechanism: plain, username: u, password: hunter2}"
    ),
    .destination(
      "destination-embedded-contradictions",
      "type: kafka\nbrokers: embedded\ntls: true\nsasl: {mechanism: plain, username: u, password: hunter2}"
    ),
    .destination(
      "destination-properties-owned",
      """
      type: kafka
      brokers: b:1
      properties:
        acks: 1
        enable.idempotence: false
        transactional.id: x
        bootstrap.servers: x
        client.id: x
        security.protocol: ssl
        sasl.password: hunter2
        ssl.ca.location: x
        enable.ssl.certificate.verification: false
        dr_msg_cb: x
        message.timeout.ms: 5
        max.in.flight: 5
        allow.auto.create.topics: true
        test.mock.num.brokers: 3
        queue.buffering.max.messages: 5
        partitioner: random
        Bad Name: 1
        linger.ms: [5]
      """
    ),
    .destination("destination-properties-list", "type: kafka\nbrokers: b:1\nproperties: [a]"),
    .destination(
      "destination-timeouts-bad",
      "type: kafka\nbrokers: b:1\ntimeouts: {connect: 30, delivery: 0s, read: 5s}"
    ),
    .destination(
      "destination-timeout-overflow",
      "type: kafka\nbrokers: b:1\ntimeouts: {delivery: 9223372036854775807d, connect: 5 min}"
    ),
  ]

  static let models: [BadInput] = [
    .model(
      "model-tests",
      """
      -- ---
      -- primary_key: id
      -- tests:
      --   - {not_nul: email}
      --   - {not_null: email, unique: id}
      --   - {name: nothing}
      --   - {accepted_values: {status: [open, null]}}
      --   - {accepted_values: {status: []}}
      --   - {accepted_values: status}
      --   - {expression: 5}
      --   - {unique: [a, a]}
      --   - {not_null: email, severity: fatal}
      --   - email
      -- gate: {dbt: target}
      -- ---
      SELECT 1 AS id
      """
    ),
    .model("model-without-front-matter", "SELECT 1 AS id"),
    .model("model-front-matter-late", "SELECT 1 AS id\n-- ---\n-- primary_key: id\n-- ---\n"),
    .model("model-front-matter-not-closed", "-- ---\n-- primary_key: id\nSELECT 1 AS id"),
    .model("model-front-matter-unclosed-at-end", "-- ---\n-- primary_key: id\n"),
    .model("model-front-matter-empty", "-- ---\n-- ---\nSELECT 1 AS id"),
    .model("model-front-matter-code-inside", "-- ---\n-- primary_key: id\nSELECT 1\n-- ---\n"),
    .model(
      "model-front-matter-mapped-back",
      "-- A model\n\n-- ---\n-- source: shpo\n-- primry_key: id\n-- types: {a: int, b: [x]}\n-- ---\nSELECT 1"
    ),
    .model("model-front-matter-bad-yaml", "-- ---\n-- primary_key: [id\n-- ---\nSELECT 1"),
    .model("model-without-key", "-- ---\n-- source: shop\n-- ---\nSELECT 1"),
    .model("model-key-duplicate", "-- ---\n-- primary_key: [id, id]\n-- ---\nSELECT 1"),
    .model("model-key-empty", "-- ---\n-- primary_key: []\n-- ---\nSELECT 1"),
    .model("model-key-null", "-- ---\n-- primary_key:\n-- ---\nSELECT 1"),
    .model("model-key-map", "-- ---\n-- primary_key: {a: b}\n-- ---\nSELECT 1"),
    .model("model-empty", ""),
    .model(
      "model-without-query",
      "-- ---\n-- primary_key: id\n-- ---\n-- nothing\n/* a */\n;\n"
    ),
    .model("model-unclosed-comment", "-- ---\n-- primary_key: id\n-- ---\n/* SELECT 1\n"),
    .model("model-types-not-a-map", "-- ---\n-- primary_key: id\n-- types: [a]\n-- ---\nSELECT 1"),
    BadInput(
      name: "model-source-needed",
      files: [
        "sluice.yml": """
        sources: {a: {type: sqlite, path: a.db}, b: {type: sqlite, path: b.db}}
        destinations: {events: {type: kafka, brokers: embedded}}
        """
      ]
    ),
  ]
}
