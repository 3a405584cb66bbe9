/// A kind of error, with the code that names it and what is to be known of it.
///
/// A code never changes its meaning and is never given to another kind. Texts of errors change
/// from release to release; a program that acts on an error goes by its code.
public struct ErrorKind: Sendable, Hashable {
  /// `SL` and four digits; the first two name the area.
  public let code: String
  /// What is wrong, in a few words.
  public let title: String
  /// What it means.
  public let meaning: String
  /// Why it happens.
  public let cause: String
  /// What to do and to type.
  public let advice: String

  init(
    _ code: String,
    _ title: String,
    meaning: String,
    cause: String,
    advice: String
  ) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.cause = cause
    self.advice = advice
  }

  /// Whether both have the same code.
  public static func == (left: ErrorKind, right: ErrorKind) -> Bool { left.code == right.code }

  /// Hashes the code.
  public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension ErrorKind {
  /// Kinds that belong together: their codes begin alike.
  public struct Area: Sendable {
    /// What they are about.
    public let name: String
    /// The kinds, in the order of their codes.
    public let kinds: [ErrorKind]

    /// Joins kinds.
    public init(name: String, kinds: [ErrorKind]) {
      self.name = name
      self.kinds = kinds
    }
  }

  /// Every kind, by area.
  public static let areas = [
    Area(name: "Usage", kinds: usageKinds),
    Area(name: "Configuration", kinds: configurationKinds),
    Area(name: "Source", kinds: sourceKinds),
    Area(name: "Destination", kinds: destinationKinds),
    Area(name: "State", kinds: stateKinds),
    Area(name: "Guards", kinds: guardKinds),
    Area(name: "Messages", kinds: messageKinds),
    Area(name: "Process", kinds: processKinds),
  ]

  /// Every kind, in the order of the codes.
  public static let all = areas.flatMap(\.kinds)

  /// The kind with `code`, whose letters may be small; nil if there is none.
  public init?(code: String) {
    guard let kind = Self.all.first(where: { $0.code == code.uppercased() }) else { return nil }
    self = kind
  }
}
