public import Values

/// Which channels took a message that was only a test.
public struct AlertTestReport: CommandReport {
  /// One channel.
  public struct Channel: Sendable {
    /// Its name.
    public var name: String
    /// Its type, as in `slack`.
    public var type: String
    /// Why it did not take the message; nil if it did.
    public var error: String?

    /// Describes what a channel did.
    public init(name: String, type: String, error: String? = nil) {
      self.name = name
      self.type = type
      self.error = error
    }

    fileprivate var json: Value {
      .object([
        ("channel", .string(name)), ("type", .string(type)), ("taken", .bool(error == nil)),
        ("error", .optional(error)),
      ])
    }
  }

  /// The channels that were tried, in the file's order.
  public var channels: [Channel]

  /// Reports what channels did.
  public init(_ channels: [Channel]) {
    self.channels = channels
  }

  /// None was tried.
  public init() {
    self.init([])
  }

  /// The member `channels`.
  public var members: [(String, Value)] { [("channels", .array(channels.map(\.json)))] }
}
