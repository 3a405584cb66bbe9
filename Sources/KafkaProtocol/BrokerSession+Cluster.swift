import Blocking
import Text

extension BrokerSession {
  /// Asks for brokers, all topics and rights; names no topic, so that none is created.
  func describeCluster(before deadline: Deadline) throws(LoginError) -> Cluster {
    let versions = try versions(before: deadline)
    guard let version = [10, 8].first(where: { versions.knows(.metadata, version: $0) }) else {
      throw LoginError(
        .protocolViolation,
        "the broker is older than Kafka 2.3",
        context: name
      )
    }
    var cluster = try describe(version: version, deadline)
    cluster.release = versions.release
    return cluster
  }

  private func describe(
    version: Int16,
    _ deadline: Deadline
  ) throws(LoginError) -> Cluster {
    let isFlexible = version >= 9
    let reader = try ask(
      .metadata,
      version: version,
      isFlexible: isFlexible,
      before: deadline
    ) { message in
      // No array: all topics.
      if isFlexible { message.int8(0) } else { message.int32(-1) }
      message.bool(false)
      message.bool(true)
      message.bool(true)
      if isFlexible { message.int8(0) }
    }
    var answer = MetadataReader(reader: reader, isFlexible: isFlexible)
    return try answer.read()
  }
}

/// Reads a Metadata answer of version 8, or of 10 (flexible, with topic ids).
private struct MetadataReader {
  var reader: WireReader
  let isFlexible: Bool

  mutating func read() throws(LoginError) -> Cluster {
    var cluster = Cluster(clusterID: nil)
    _ = try reader.int32()
    for _ in 0..<(try count()) { cluster.brokers.append(try broker()) }
    cluster.brokers.sort { $0.id < $1.id }
    cluster.clusterID = try string()
    _ = try reader.int32()
    for _ in 0..<(try count()) { try topic(into: &cluster) }
    cluster.operations = Self.operations(try reader.int32())
    return cluster
  }

  private mutating func broker() throws(LoginError) -> Cluster.Broker {
    let id = try reader.int32()
    let host = try string() ?? ""
    let port = Int(try reader.int32())
    _ = try string()
    try end()
    return .init(id: id, host: host, port: port)
  }

  private mutating func topic(into cluster: inout Cluster) throws(LoginError) {
    let code = try reader.int16()
    let name = try string()
    let id = isFlexible ? try reader.uuid() : []
    _ = try reader.bool()
    var topic = Cluster.Topic(partitions: try count())
    topic.id = id.contains { $0 != 0 } ? Hexadecimal.text(id) : nil
    for _ in 0..<topic.partitions { try partition(of: &topic) }
    topic.operations = Self.operations(try reader.int32())
    try end()
    guard code == 0, let name else { return }
    cluster.topics[name] = topic
  }

  private mutating func partition(of topic: inout Cluster.Topic) throws(LoginError) {
    // Its error says no more than its leader does.
    try reader.skip(2)
    let index = try reader.int32()
    if try reader.int32() < 0 { topic.leaderless += 1 }
    // The leader's epoch.
    try reader.skip(4)
    let replicas = try count()
    if index == 0 { topic.replicationFactor = replicas }
    try reader.skip(4 * replicas)
    // The replicas in sync, and those offline.
    for _ in 0..<2 { try reader.skip(4 * (try count())) }
    try end()
  }

  private mutating func count() throws(LoginError) -> Int {
    isFlexible ? try reader.compactCount() : try reader.count()
  }

  private mutating func string() throws(LoginError) -> String? {
    isFlexible ? try reader.compactString() : try reader.string()
  }

  private mutating func end() throws(LoginError) {
    if isFlexible { try reader.skipTags() }
  }

  private static func operations(_ bits: Int32) -> Set<Cluster.Operation>? {
    // The lowest number of all stands for "not told".
    guard bits != .min else { return nil }
    return Set(
      Cluster.Operation.allCases.filter { bits & (1 << Int32($0.rawValue)) != 0 }
    )
  }
}
