import Configuration

/// The files of a new project.
struct ProjectTemplate {
  /// One file.
  struct File {
    enum Content {
      case text(String)
      /// A SQLite database that these statements make.
      case database(sql: String)
    }

    let path: String
    let content: Content
    /// Whether only its owner may read it.
    var isSecret = false
    /// Whether it may be there already, and is then left as it is.
    var mayExist = false
    /// Whether it takes the place of an earlier one.
    var isReplaced = false
  }

  /// The source as it is written into the project.
  enum Source {
    /// A path of a SQLite file, as sluice.yml has it.
    case sqlite(path: String)
    /// What libpq takes; it may hold a password.
    case postgres(String)
  }

  let source: Source
  let draft: TableDraft
  /// Brokers as the user typed them, nil for the embedded one.
  let brokers: String?
  /// The variable that holds the URI of a Postgres server; one of the project's own name, so that
  /// a shell in which another project's is set does not redirect it.
  let variable: String

  /// The variable for a project in the folder `directory`.
  static func variable(for directory: String) -> String {
    let name = directory.split(separator: "/").last.map(String.init) ?? ""
    let letters = name.uppercased().unicodeScalars.map { scalar -> Character in
      let isFit = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      return isFit ? Character(scalar) : "_"
    }
    let text = String(letters)
    let isName = text.unicodeScalars.first.map { ("A"..."Z").contains($0) } ?? false
    return (isName ? text : "SLUICE") + "_DATABASE_URL"
  }

  /// The files for a table of the user's own.
  func files() -> [File] {
    let connection: String
    var secrets: [File] = []
    switch source {
    case .sqlite(let path):
      connection = "  database: {type: sqlite, path: \(Self.quoted(path))}"
    case .postgres(let text):
      connection = "  database: {type: postgres, url: \"${\(variable)}\"}"
      // It may hold a password: it is in a file of its own that git ignores.
      let line = "\(variable)=\(Self.environmentValue(text))\n"
      secrets = [File(path: ".env", content: .text(line), isSecret: true)]
    }
    return [
      File(path: "sluice.yml", content: .text(Self.project(connection, brokers))),
      File(path: "models/\(draft.name).sql", content: .text(draft.model())),
      File(
        path: "syncs/\(draft.name).yml",
        content: .text(ProjectSchema.line(for: .sync) + Self.sync(name: draft.name))
      ),
      Self.ignore,
    ] + ProjectSchema.files + secrets
  }

  /// A value of `.env`: in single quotes, or where it holds one in double quotes.
  private static func environmentValue(_ text: String) -> String {
    if !text.contains("'") { return "'\(text)'" }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return "\"\(result)\""
  }

  /// The example: a database of customers and the embedded broker.
  static func example(brokers: String?) -> [File] {
    [
      File(
        path: "sluice.yml",
        content: .text(project("  shop: {type: sqlite, path: demo/shop.db}", brokers))
      ),
      File(path: "models/customers.sql", content: .text(exampleModel)),
      File(
        path: "syncs/customers.yml",
        content: .text(ProjectSchema.line(for: .sync) + sync(name: "customers"))
      ),
      File(path: "demo/shop.sql", content: .text(exampleDatabase)),
      File(path: "demo/shop.db", content: .database(sql: exampleDatabase)),
      ignore,
    ] + ProjectSchema.files
  }

  private static func project(_ source: String, _ brokers: String?) -> String {
    let destination =
      brokers.map(cluster)
      ?? "  events: {type: kafka, brokers: embedded}   # inside the process, to try things"
    return ProjectSchema.line(for: .config) + """
      # A Sluice project: where rows come from, and where messages go.
      sources:
      \(source)
      destinations:
      \(destination)
      defaults:
        destination: events

      """
  }

  /// A destination with what most clusters need besides their brokers.
  private static func cluster(_ brokers: String) -> String {
    let isLocal = brokers.hasPrefix("localhost") || brokers.hasPrefix("127.0.0.1")
    let tls =
      isLocal ? "    tls: false                        # true if the broker speaks it\n" : ""
    return """
        events:
          type: kafka
          brokers: \(quoted(brokers))
      \(tls)    # ca: certs/ca.pem                # if the system does not know the authority
          # sasl: {mechanism: scram-sha-512, username: sluice, password: "${KAFKA_PASSWORD}"}
          # create_topics: {partitions: 3}  # otherwise topics have to be there
      """
  }

  /// The text of a sync whose model and topic have its name.
  static func sync(name: String, destination: String? = nil) -> String {
    let line = destination.map { "destination: \(quoted($0))\n" } ?? ""
    return """
      model: \(quoted(name))
      \(line)topic: \(quoted(name))
      key: {primary_key: true}
      triggers: [added, changed, removed]
      # schedule: "*/5 * * * *"     # for 'sluice crontab'

      """
  }

  private static let exampleModel = """
    -- ---
    -- primary_key: id
    -- types: {active: boolean}   # SQLite has no booleans
    -- ---
    SELECT id, name, email, active
    FROM customers
    WHERE email IS NOT NULL

    """

  private static let exampleDatabase = """
    CREATE TABLE customers (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      email TEXT,
      active INTEGER NOT NULL DEFAULT 1
    );
    INSERT INTO customers (id, name, email, active) VALUES
      (1, 'Ada Lovelace', 'ada@example.com', 1),
      (2, 'Grace Hopper', 'grace@example.com', 1),
      (3, 'Edsger Dijkstra', 'edsger@example.com', 0),
      (4, 'Barbara Liskov', 'barbara@example.com', 1),
      (5, 'Niklaus Wirth', NULL, 1);

    """

  private static let ignore = File(
    path: ".gitignore",
    content: .text("/state/\n.env\n.env.*\n"),
    mayExist: true
  )

  /// A text in YAML's double quotes.
  static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
    if isPlain, !["null", "true", "false"].contains(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "$": result += "$"
      case let scalar where scalar.properties.generalCategory == .control: result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return "\"\(result)\""
  }
}
