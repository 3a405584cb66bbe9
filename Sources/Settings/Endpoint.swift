/// A host and a port.
public struct Endpoint: Sendable, Hashable {
  /// A name or an address, without brackets.
  public let host: String
  /// From 1 to 65535 in a sound address; not checked here.
  public let port: Int

  /// Reads `host:port`, `[address]:port` or `host`, whose port is Kafka's 9092.
  public init(_ text: String) {
    let bare = Self.name(of: text)
    let colon = bare.lastIndex(of: ":")
    let isBareAddress = bare.count { $0 == ":" } > 1 && !bare.hasPrefix("[")
    if let colon, !isBareAddress, let port = Int(bare[bare.index(after: colon)...]) {
      self.port = port
      host = Self.unbracketed(bare[..<colon])
    } else {
      port = 9092
      host = Self.unbracketed(bare[...])
    }
  }

  /// `host:port` of a name that librdkafka gives a broker, such as `sasl_ssl://host:port/1`.
  public static func name(of broker: String) -> String {
    let bare = broker.firstRange(of: "://").map { broker[$0.upperBound...] } ?? broker[...]
    return String(bare.prefix { $0 != "/" })
  }

  private static func unbracketed(_ host: Substring) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
  }
}
