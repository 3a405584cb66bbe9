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
  }

  let source: String
  let table: String
  let key: String
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

  /// Whether the source is a Postgres server.
  var isPostgres: Bool {
    source.hasPrefix("postgres://") || source.hasPrefix("postgresql://")
  }

  /// The files for a table of the user's own.
  func files() throws(CommandFailure) -> [File] {
    let name = try Self.name(of: table)
    let connection =
      isPostgres
      ? "  database: {type: postgres, url: \"${\(variable)}\"}"
      : "  database: {type: sqlite, path: \(Self.quoted(source))}"
    var files = [
      File(path: "sluice.yml", content: .text(Self.project(connection, brokers))),
      File(path: "models/\(name).sql", content: .text(model)),
      File(path: "syncs/\(name).yml", content: .text(Self.sync(model: name))),
      Self.ignore,
    ]
    // A URI may hold a password: it stands in a file of its own that git ignores.
    if isPostgres {
      let line = "\(variable)='\(source)'\n"
      guard !source.contains("'"), !source.contains("\n") else {
        throw CommandFailure(.usage, "the URI holds a quote", hint: "write it as %27")
      }
      files.append(File(path: ".env", content: .text(line), isSecret: true))
    }
    return files
  }

  /// The example: a database of customers and the embedded broker.
  static func example(brokers: String?) -> [File] {
    [
      File(
        path: "sluice.yml",
        content: .text(project("  shop: {type: sqlite, path: demo/shop.db}", brokers))
      ),
      File(path: "models/customers.sql", content: .text(exampleModel)),
      File(path: "syncs/customers.yml", content: .text(sync(model: "customers"))),
      File(path: "demo/shop.sql", content: .text(exampleDatabase)),
      File(path: "demo/shop.db", content: .database(sql: exampleDatabase)),
      ignore,
    ]
  }

  private static func project(_ source: String, _ brokers: String?) -> String {
    let destination: String
    if let brokers {
      let isLocal = brokers.hasPrefix("localhost") || brokers.hasPrefix("127.0.0.1")
      let tls = isLocal ? ", tls: false" : ""
      destination = "  events: {type: kafka, brokers: \(quoted(brokers))\(tls)}"
    } else {
      destination =
        "  events: {type: kafka, brokers: embedded}   # inside the process, to try things"
    }
    return """
      # A Sluice project: where rows come from, and where messages go.
      sources:
      \(source)
      destinations:
      \(destination)
      defaults:
        destination: events

      """
  }

  private static func sync(model: String) -> String {
    """
    model: \(model)
    topic: \(model)
    key: {primary_key: true}
    triggers: [added, changed, removed]
    # schedule: "*/5 * * * *"     # for 'sluice crontab'

    """
  }

  private var model: String {
    """
    -- ---
    -- primary_key: \(Self.quoted(key))
    -- ---
    SELECT * FROM \(table)

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
    content: .text("/state/\n.env\n"),
    mayExist: true
  )

  /// The name of model, sync and topic for a table, without its schema.
  private static func name(of table: String) throws(CommandFailure) -> String {
    let name = String(table.split(separator: ".").last ?? "").filter { $0 != "\"" }
    let isFit =
      !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix("-")
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
    if isFit { return name }
    throw CommandFailure(
      .usage,
      "'\(table.printable)' is no table that a file can be named after",
      hint: "take a name of letters, digits and '_', and change the query afterwards"
    )
  }

  /// A text in YAML's double quotes.
  private static func quoted(_ text: String) -> String {
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
