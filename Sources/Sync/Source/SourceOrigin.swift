internal import Text
internal import JSON
internal import Values

/// Which database a source reads, as the state remembers it.
///
/// What is nil or empty is not known, and what one side does not know is not compared.
public struct SourceOrigin: Sendable, Hashable {
  /// What kind of database it is.
  public enum System: String, Sendable, Hashable {
    /// A Postgres server.
    case postgres
    /// A SQLite file.
    case sqlite
  }

  /// What kind of database it is.
  public var system: System
  /// What the configuration calls the database; it replaces all that follows.
  public var identity: String?
  /// Postgres: the identifier of the cluster.
  public var systemIdentifier: String?
  /// Postgres: the name of the database.
  public var database: String?
  /// Postgres: `host:port` as configured; in a state all that were ever seen.
  public var hosts: [String] = []
  /// SQLite: the path as configured, relative to the project where it lies inside.
  public var path: String?
  /// Postgres: whether the server is a standby; not remembered.
  public var isInRecovery = false

  /// Describes a database of which nothing is known yet.
  public init(_ system: System, identity: String? = nil) {
    self.system = system
    self.identity = identity
  }

  /// Why `self`, which a state remembers, is another database than `now`; nil if it may be the
  /// same.
  func difference(from now: SourceOrigin) -> String? {
    if let identity = now.identity {
      guard let known = self.identity, known != identity else { return nil }
      return "identity '\(known)', now '\(identity)'"
    }
    // What the configuration once said is not known of a source that has no `identity` any more.
    if identity != nil { return nil }
    if system != now.system { return "\(described), now \(now.described)" }
    for (name, old, new) in [
      ("database", database, now.database),
      ("system identifier", systemIdentifier, now.systemIdentifier), ("path", path, now.path),
    ] {
      if let old, let new, old != new { return "\(name) '\(old)', now '\(new)'" }
    }
    let isElsewhere =
      !hosts.isEmpty && !now.hosts.isEmpty && Set(hosts).isDisjoint(with: now.hosts)
    guard isElsewhere, !now.isInRecovery else { return nil }
    return "host \(hosts.joined(separator: ", ")), now \(now.hosts.joined(separator: ", "))"
      + (systemIdentifier != nil && systemIdentifier == now.systemIdentifier
        ? ", which has the same system identifier as a restored copy would have" : "")
  }

  /// What the state remembers after a run that read `now`.
  func updated(by now: SourceOrigin) -> SourceOrigin {
    if now.identity != nil || identity != nil { return now }
    var result = now
    result.systemIdentifier = now.systemIdentifier ?? systemIdentifier
    result.database = now.database ?? database
    result.hosts = hosts + now.hosts.filter { !hosts.contains($0) }
    result.path = now.path ?? path
    return result
  }

  /// The database in a few words, for messages.
  var described: String {
    if let identity { return "\(system.rawValue) '\(identity)'" }
    let place = hosts.isEmpty ? "" : hosts.joined(separator: ",") + "/"
    return "\(system.rawValue) \(path ?? place + (database ?? "?"))"
  }

  // MARK: - The state's text

  /// As the state keeps it: JSON.
  var text: String {
    var members: [(String, Value)] = [("system", .string(system.rawValue))]
    if let identity {
      members.append(("identity", .string(identity)))
      return Self.json(members)
    }
    for (name, value) in [
      ("system_identifier", systemIdentifier), ("database", database), ("path", path),
    ] {
      if let value { members.append((name, .string(value))) }
    }
    if !hosts.isEmpty { members.append(("hosts", .array(hosts.map { .string($0) }))) }
    return Self.json(members)
  }

  private static func json(_ members: [(String, Value)]) -> String {
    var buffer = ByteBuffer()
    buffer.append(json: .object(Object(members)))
    return buffer.text
  }

  /// What a state keeps; nil for what an earlier Sluice wrote, which was a name only.
  init?(text: String) {
    guard text.hasPrefix("{"), let value = try? JSONParser().parse(text),
      case .object(let object) = value,
      let system = object.text("system").flatMap(System.init)
    else { return nil }
    self.init(system, identity: object.text("identity"))
    systemIdentifier = object.text("system_identifier")
    database = object.text("database")
    path = object.text("path")
    if case .array(let items)? = object["hosts"] {
      hosts = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
  }
}
