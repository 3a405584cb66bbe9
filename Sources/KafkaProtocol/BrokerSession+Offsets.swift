import Blocking

extension BrokerSession {
  /// An answer of the broker: what was asked for, or its error code.
  enum Answer<Value> {
    case value(Value)
    case refused(Int16)
  }

  /// Asks which broker keeps the offsets of `group`; `host:port`.
  func findCoordinator(
    of group: String,
    before deadline: Deadline
  ) throws(LoginError) -> Answer<String> {
    var answer = try ask(.findCoordinator, version: 1, before: deadline) { message in
      message.string(group)
      message.int8(0)
    }
    _ = try answer.int32()
    let code = try answer.int16()
    if code != 0 { return .refused(code) }
    _ = try answer.string()
    _ = try answer.int32()
    let host = try answer.string() ?? ""
    return .value("\(host):\(try answer.int32())")
  }

  /// Asks the coordinator for every offset of `group`.
  ///
  /// With `onlySettled` it refuses while an open transaction is about to change one; else it gives
  /// those that were committed last.
  func fetchOffsets(
    of group: String,
    onlySettled: Bool,
    before deadline: Deadline
  ) throws(LoginError) -> Answer<[CommittedOffset]> {
    let version: Int16 = 7
    var answer = try ask(
      .offsetFetch,
      version: version,
      isFlexible: true,
      before: deadline
    ) { message in
      message.compactString(group)
      // No array: all topics.
      message.int8(0)
      message.bool(onlySettled)
      message.int8(0)
    }
    _ = try answer.int32()
    var offsets: [CommittedOffset] = []
    var failure: Int16 = 0
    for _ in 0..<(try answer.compactCount()) {
      let topic = try answer.compactString() ?? ""
      for _ in 0..<(try answer.compactCount()) {
        let partition = try answer.int32()
        let offset = try answer.int64()
        _ = try answer.int32()
        let metadata = try answer.compactString() ?? ""
        let code = try answer.int16()
        try answer.skipTags()
        if code != 0 { failure = code }
        guard offset >= 0 else { continue }
        offsets.append(
          .init(topic: topic, partition: partition, offset: offset, metadata: metadata)
        )
      }
      try answer.skipTags()
    }
    let code = try answer.int16()
    if code != 0 { failure = code }
    return failure == 0 ? .value(offsets) : .refused(failure)
  }
}
