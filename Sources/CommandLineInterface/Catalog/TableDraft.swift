import Settings

/// What a new model says of its table: as the database's catalogue has it, if that can be asked.
struct TableDraft {
  /// The table as SQL names it.
  let table: TableName
  /// Its columns in order; empty if they are not known, which is `*`.
  let columns: [String]
  let primaryKey: [String]

  /// The name of its model, its sync and its topic.
  let name: String

  /// Asks the database for the table that the user typed as `text`.
  ///
  /// `key` are the columns that the user says identify a row; nil for the primary key. Where the
  /// database does not answer, `warn` is told so, and the text is believed.
  static func make(
    _ text: String,
    key: [String]?,
    of settings: SourceSettings,
    warn: (String) -> Void
  ) async throws -> TableDraft {
    guard let typed = TableName(typed: text), let fileName = typed.fileName else {
      throw CommandFailure(
        .usage,
        "'\(text.printable)' is not the name of a table",
        hint: "write orders, sales.orders or \"Order Details\""
      )
    }
    let answer: (found: SourceCatalog.Table?, others: [String])
    do {
      answer = try await SourceCatalog(settings: settings.impatient).table(typed)
    } catch {
      let guess = key?.joined(separator: ", ") ?? "id"
      warn(
        "the source could not be asked for the table (\(error)): the model takes every column, and "
          + "'\(guess)' as its primary key; look at models/\(fileName).sql"
      )
      return TableDraft(table: typed, columns: [], primaryKey: key ?? ["id"], name: fileName)
    }
    guard let found = answer.found else { throw unknown(typed, answer.others) }
    return TableDraft(
      table: found.name,
      columns: found.columns,
      primaryKey: try primaryKey(key, of: found),
      name: fileName
    )
  }

  private static func primaryKey(
    _ typed: [String]?,
    of table: SourceCatalog.Table
  ) throws(CommandFailure) -> [String] {
    let list = table.columns.joined(separator: ", ").printable
    guard let typed else {
      if !table.primaryKey.isEmpty { return table.primaryKey }
      throw CommandFailure(
        .usage,
        "\(table.name.sql.printable) has no primary key",
        hint: "say which columns identify a row: --key COLUMN or --key A,B; it has \(list)"
      )
    }
    var columns: [String] = []
    for name in typed {
      let match =
        table.columns.first { $0 == name }
        ?? table.columns.first { $0.lowercased() == name.lowercased() }
      guard let match else {
        throw CommandFailure(
          .usage,
          "\(table.name.sql.printable) has no column '\(name.printable)'",
          hint: "it has \(list)"
        )
      }
      columns.append(match)
    }
    return columns
  }

  private static func unknown(_ table: TableName, _ others: [String]) -> CommandFailure {
    let shown = others.prefix(20).joined(separator: ", ").printable
    let rest = others.count > 20 ? " and \(others.count - 20) more" : ""
    return CommandFailure(
      .usage,
      "the source has no table \(table.sql.printable) that its user may read",
      hint: others.isEmpty ? "it has none" : "it has \(shown)\(rest)"
    )
  }

  /// The text of the model; `source` is named where the project has several.
  func model(source: String? = nil) -> String {
    let key = primaryKey.map(ProjectTemplate.quoted)
    let keyText = key.count == 1 ? key[0] : "[\(key.joined(separator: ", "))]"
    let list = columns.map { "\n  " + TableName.quoted($0) }.joined(separator: ",")
    let front = source.map { "-- source: \($0)\n" } ?? ""
    return "-- ---\n\(front)-- primary_key: \(keyText)\n-- ---\n"
      + "SELECT\(columns.isEmpty ? " *" : list)\(columns.isEmpty ? " " : "\n")FROM \(table.sql)\n"
  }

  /// The columns of an option such as `--key a,b`.
  static func columns(_ text: String) throws(CommandFailure) -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }
      .map { name in String(name.reversed().drop { $0 == " " }.reversed()) }
    if !names.contains(""), Set(names).count == names.count { return names }
    throw CommandFailure(.usage, "--key needs columns, each once, as in 'id' or 'tenant_id,id'")
  }
}

extension SourceSettings {
  /// The same, with little patience where the user did not ask for another.
  fileprivate var impatient: SourceSettings {
    guard case .postgres(var parameters, let session, let identity) = self else { return self }
    if !parameters.contains(where: { $0.keyword == "connect_timeout" }) {
      parameters.append((keyword: "connect_timeout", value: Secret("5")))
    }
    return .postgres(parameters: parameters, session: session, identity: identity)
  }

  /// The values that must not be shown.
  var secrets: [Secret] {
    guard case .postgres(let parameters, _, _) = self else { return [] }
    return parameters.filter { SecretName.isSecret($0.keyword) }.map(\.value)
  }
}
