import Blocking
import Tracing

/// One conversation in Kafka's protocol: a request, its answer, the next request.
final class BrokerSession {
  /// The requests that the connector makes.
  enum Request: Int16 {
    case metadata = 3
    case offsetFetch = 9
    case findCoordinator = 10
    case saslHandshake = 17
    case apiVersions = 18
    case addOffsetsToTransaction = 25
    case saslAuthenticate = 36
  }

  let connection: Connection
  private let trace: Trace
  private var correlation: Int32 = 0
  private static let answerBytesMax = 100 << 20

  init(_ connection: Connection, _ trace: Trace = Trace(nil)) {
    self.connection = connection
    self.trace = trace
  }

  /// Sends a request and reads its answer behind the header.
  ///
  /// `answersFlexibly` says whether that header has tagged fields; nil if the request's has.
  func ask(
    _ request: Request,
    version: Int16,
    isFlexible: Bool = false,
    answersFlexibly: Bool? = nil,
    before deadline: Deadline,
    _ body: (inout WireWriter) -> Void = { _ in }
  ) throws(LoginError) -> WireReader {
    correlation += 1
    var message = WireWriter()
    message.int16(request.rawValue)
    message.int16(version)
    message.int32(correlation)
    message.string("sluice")
    if isFlexible { message.int8(0) }
    body(&message)
    var frame = WireWriter()
    frame.data(message.bytes)
    try connection.write(all: frame.bytes, before: deadline)
    let bytes = try read(before: deadline)
    trace("connection", "\(name): \(request) v\(version), \(bytes.count) bytes of answer")
    var answer = WireReader(bytes)
    guard try answer.int32() == correlation else {
      throw LoginError(.protocolViolation, "the answer is not to our request", context: name)
    }
    if answersFlexibly ?? isFlexible { try answer.skipTags() }
    return answer
  }

  var name: String { connection.name }

  private func read(before deadline: Deadline) throws(LoginError) -> [UInt8] {
    let head = try connection.read(exactly: 4, before: deadline)
    let count = head.reduce(0) { $0 << 8 | Int($1) }
    if count <= Self.answerBytesMax {
      return try connection.read(exactly: count, before: deadline)
    }
    // An alert of TLS begins like this: the other side was spoken to in clear.
    if head[0] == 0x15, head[1] == 3, connection.tls == nil {
      throw LoginError(
        .wantsTLS,
        "the listener speaks TLS",
        context: name,
        hint: "leave `tls: false` out, or use the listener without TLS"
      )
    }
    throw LoginError(.protocolViolation, "this is not a Kafka broker", context: name)
  }
}
