import Testing

/// A project with something wrong in it.
struct BadInput: Sendable, CustomTestStringConvertible {
  /// Name of the snapshot.
  let name: String
  var files: [String: String?] = [:]
  var environment: [String: String] = [:]

  var testDescription: String { name }

  /// The sync of the good project with other text.
  static func sync(_ name: String, _ text: String, model: String? = nil) -> BadInput {
    BadInput(name: name, files: ["syncs/customers.yml": text])
  }

  /// The good sync with something added.
  static func syncKey(_ name: String, _ text: String) -> BadInput {
    sync(name, "model: customers\ntopic: customers\nkey: {column: id}\n" + text)
  }

  /// The project file with other sources.
  static func source(_ name: String, _ text: String) -> BadInput {
    project(
      name,
      """
      sources:
        shop:
      \(text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      destinations:
        events: {type: kafka, brokers: embedded}
      """
    )
  }

  /// The project file with another destination.
  static func destination(_ name: String, _ text: String) -> BadInput {
    project(
      name,
      """
      sources:
        shop: {type: sqlite, path: shop.db}
      destinations:
        events:
      \(text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      """
    )
  }

  /// The good project file with something added.
  static func projectKey(_ name: String, _ text: String) -> BadInput {
    project(
      name,
      """
      sources:
        shop: {type: sqlite, path: shop.db}
      destinations:
        events: {type: kafka, brokers: embedded}
      \(text)
      """
    )
  }

  static func project(_ name: String, _ text: String) -> BadInput {
    BadInput(name: name, files: ["sluice.yml": text])
  }

  /// The good model with other front matter and query.
  static func model(_ name: String, _ text: String) -> BadInput {
    BadInput(name: name, files: ["models/customers.sql": text])
  }
}
