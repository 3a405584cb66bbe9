import Blocking

/// What a broker says of itself when it is asked which requests it knows.
struct BrokerVersions: Sendable, Hashable {
  /// The range of versions that it knows of each request.
  var requests: [Int16: ClosedRange<Int16>] = [:]
  /// The highest level that it supports of each feature; empty if it does not tell.
  var features: [String: Int16] = [:]

  func knows(_ request: BrokerSession.Request, version: Int16) -> Bool {
    requests[request.rawValue]?.contains(version) ?? false
  }

  /// The release of Kafka, as in `4.3`; nil if it cannot be told.
  ///
  /// By the level of `metadata.version` that the broker supports (Kafka's `MetadataVersion`), else by
  /// its Fetch requests, which nearly every release since 2.3 has changed.
  var release: String? {
    if let level = features["metadata.version"] {
      return Self.releases.last { $0.level <= level }?.release
    }
    let fetch = requests[1]?.upperBound ?? 0
    return Self.fetches.last { $0.version <= fetch }?.release
  }

  private static let releases: [(level: Int16, release: String)] = [
    (1, "3.0"), (2, "3.1"), (3, "3.2"), (4, "3.3"), (8, "3.4"), (9, "3.5"), (12, "3.6"),
    (15, "3.7"), (20, "3.8"), (21, "3.9"), (22, "4.0"), (26, "4.1"), (28, "4.2"), (30, "4.3"),
    (31, "4.4 or newer"),
  ]

  private static let fetches: [(version: Int16, release: String)] = [
    (11, "2.3 or newer"), (12, "2.7 or newer"), (13, "3.1 or newer"), (14, "3.5 or newer"),
    (16, "3.7 or newer"), (17, "3.9 or newer"),
  ]
}

extension BrokerSession {
  /// Asks which requests and features the broker knows.
  func versions(before deadline: Deadline) throws(LoginError) -> BrokerVersions {
    var answer = try ask(.apiVersions, version: 0, before: deadline)
    _ = try answer.int16()
    var versions = BrokerVersions()
    for _ in 0..<(try answer.count()) { try versions.addRequest(from: &answer) }
    if versions.knows(.apiVersions, version: 3) {
      versions.features = try features(before: deadline)
    }
    return versions
  }

  private func features(before deadline: Deadline) throws(LoginError) -> [String: Int16] {
    // Its answer's header is the old one in every version, so that anybody can read it.
    var answer = try ask(
      .apiVersions,
      version: 3,
      isFlexible: true,
      answersFlexibly: false,
      before: deadline
    ) { message in
      message.compactString("sluice")
      message.compactString("1")
      message.int8(0)
    }
    guard try answer.int16() == 0 else { return [:] }
    for _ in 0..<(try answer.compactCount()) {
      try answer.skip(6)
      try answer.skipTags()
    }
    _ = try answer.int32()
    guard var supported = try answer.tags()[0] else { return [:] }
    var features: [String: Int16] = [:]
    for _ in 0..<(try supported.compactCount()) {
      let name = try supported.compactString() ?? ""
      _ = try supported.int16()
      features[name] = try supported.int16()
      try supported.skipTags()
    }
    return features
  }
}

extension BrokerVersions {
  fileprivate mutating func addRequest(from answer: inout WireReader) throws(LoginError) {
    let key = try answer.int16()
    let (lowest, highest) = (try answer.int16(), try answer.int16())
    if lowest <= highest { requests[key] = lowest...highest }
  }
}
