internal import Bytes
internal import Rows
internal import Settings

extension MessageWriter {
  /// Writes the null value for the place that a changed row leaves.
  ///
  /// Nil where the row stays, where `policy` only counts it, and where nothing can be at the old
  /// place: no key, a topic that does not exist, or by now another row of this run. `message` and
  /// `plan` are the row's own, which was written last; `move` is that of the old values' shape.
  mutating func writeMove(
    of message: MessageBatch.Message,
    _ plan: TriggerPlan,
    from old: (line: UnsafeRawBufferPointer, number: Int, shape: Shape),
    _ item: RowsToSend.Item,
    _ move: TriggerPlan?,
    _ policy: MovePolicy,
    _ topics: Topics,
    _ eventID: inout EventID,
    _ output: ComposedBatch,
    _ bytes: inout ByteBuffer,
    _ headers: inout [MessageBatch.Header]
  ) throws(Rejection) -> MessageBatch.Message? {
    guard let move else { return nil }
    if oldFields.count != move.fieldCount { oldFields = FieldTable(count: move.fieldCount) }
    guard oldFields.split(old.line) else {
      throw Rejection("its stored line does not fit its shape")
    }
    if move.columnNames == plan.columnNames, hasSameFields(plan.placeColumns) { return nil }
    // The helpers below read `fields`.
    swap(&fields, &oldFields)
    defer { swap(&fields, &oldFields) }
    let mark = (bytes: bytes.count, headers: headers.count)
    let ignored = output.ignoredPartitions
    var tombstone: MessageBatch.Message?
    do throws(Rejection) {
      tombstone = try appendMove(
        of: message,
        from: old.line,
        item,
        move,
        policy,
        topics,
        &eventID,
        output,
        &bytes,
        &headers
      )
    } catch {
      if policy == .tombstone { throw Rejection("where it was before: \(error.reason)") }
    }
    output.ignoredPartitions = ignored
    if tombstone == nil {
      bytes.truncate(to: mark.bytes)
      headers.removeSubrange(mark.headers...)
    }
    return tombstone
  }

  private func hasSameFields(_ columns: [Int]) -> Bool {
    columns.allSatisfy { fields[$0].elementsEqual(oldFields[$0]) }
  }

  private mutating func appendMove(
    of message: MessageBatch.Message,
    from line: UnsafeRawBufferPointer,
    _ item: RowsToSend.Item,
    _ move: TriggerPlan,
    _ policy: MovePolicy,
    _ topics: Topics,
    _ eventID: inout EventID,
    _ output: ComposedBatch,
    _ bytes: inout ByteBuffer,
    _ headers: inout [MessageBatch.Header]
  ) throws(Rejection) -> MessageBatch.Message? {
    let newKey = lastKeyIsEventID ? nil : message.key
    let firstHeader = headers.count
    let id = appendEventID(move, item, suffix: 1, &eventID, to: &bytes)
    try use(move, line, item, old: nil, id, bytes)
    let appended = try appendKey(move, id, to: &bytes)
    let key = lastKeyIsEventID ? nil : appended
    text.removeAll()
    let hasTopic = try Self.appendText(
      move.topic,
      nil,
      move.scope,
      fields,
      &writer,
      to: &text
    )
    guard hasTopic, Topics.flaw(in: text.bytes) == nil else { return nil }
    let topic = topics.find(text.text)
    let hasSameKey =
      newKey.map { new in key.map { bytes.bytes(new).elementsEqual(bytes.bytes($0)) } ?? false }
      ?? (key == nil)
    if topic.number == message.topic, hasSameKey { return nil }
    output.moved += 1
    guard policy == .tombstone, let key, topic.partitions > 0,
      !places.contains(Place(topic.number, bytes.bytes(key))),
      let partition = try? partition(move, key, topic, topics, output, bytes)
    else { return nil }
    try appendHeaders(move, id, false, &bytes, &headers)
    return MessageBatch.Message(
      topic: topic.number,
      partition: partition,
      key: key,
      value: nil,
      headers: firstHeader..<headers.count
    )
  }
}

/// Where a message is: its topic and key, as a hash.
struct Place: Hashable {
  private let high: UInt64
  private let low: UInt64

  init(_ topic: Int32, _ key: UnsafeRawBufferPointer) {
    (high, low) = Hashing.hash128(key, seed: UInt64(UInt32(bitPattern: topic)))
  }
}
