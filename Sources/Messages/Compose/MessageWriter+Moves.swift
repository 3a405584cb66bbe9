internal import Text
internal import Rows
internal import Settings

extension MessageWriter {
  /// Writes the null value for the place that a changed or backfilled row leaves.
  ///
  /// Nil if the row stays, if moves are only counted, and if nothing can be at the old place: no
  /// key, or a topic that does not exist. `message` and `plan` are the row's own, which was written
  /// last; `move` is that of the old values' shape.
  mutating func writeMove(
    of message: Envelope.Message,
    plan: TriggerPlan,
    from old: SupersededRow,
    move: TriggerPlan?,
    item: RowsToSend.Item,
    contents: inout Envelope.Contents,
    output: inout Composition
  ) throws(Rejection) -> Envelope.Message? {
    guard let move else { return nil }
    if oldFields.count != move.fieldCount { oldFields = FieldTable(count: move.fieldCount) }
    guard oldFields.split(old.line) else {
      throw Rejection("its stored line does not fit its shape")
    }
    if move.columnNames == plan.columnNames, hasSameFields(plan.placeColumns) { return nil }
    // The helpers below read `fields`.
    swap(&fields, &oldFields)
    defer { swap(&fields, &oldFields) }
    let mark = contents.end
    // Told of the row's own message already.
    let ignored = output.ignoredPartitions
    var tombstone: Envelope.Message?
    do throws(Rejection) {
      tombstone = try appendMove(
        of: message,
        from: old.line,
        move: move,
        item: item,
        contents: &contents,
        output: &output
      )
    } catch {
      if onMove == .tombstone { throw error.of("where it was before") }
    }
    output.ignoredPartitions = ignored
    if tombstone == nil {
      contents.truncate(to: mark)
    }
    return tombstone
  }

  private func hasSameFields(_ columns: [Int]) -> Bool {
    columns.allSatisfy { fields[$0].elementsEqual(oldFields[$0]) }
  }

  private mutating func appendMove(
    of message: Envelope.Message,
    from line: UnsafeRawBufferPointer,
    move: TriggerPlan,
    item: RowsToSend.Item,
    contents: inout Envelope.Contents,
    output: inout Composition
  ) throws(Rejection) -> Envelope.Message? {
    let newKey = lastKeyIsEventID ? nil : message.key
    let newPartition = lastPartitionIsFixed ? message.partition : nil
    let firstHeader = contents.headers.count
    let id = appendEventID(move, item: item, suffix: 1, to: &contents.bytes)
    try use(move, line: line, item: item, old: nil, id: id, bytes: contents.bytes)
    let appended = try appendKey(move, id, to: &contents.bytes)
    let key = lastKeyIsEventID ? nil : appended
    text.removeAll()
    let hasTopic = try Self.appendText(
      move.topic,
      place: nil,
      scope: move.scope,
      fields: fields,
      writer: &writer,
      to: &text
    )
    guard hasTopic, TopicName.flaw(in: text.bytes) == nil else { return nil }
    let topic = topics.find(text.text)
    let partition = oldPartition(
      move,
      key: key,
      topic: topic,
      output: &output,
      bytes: contents.bytes
    )
    let hasSameKey =
      Self.isSame(newKey, key, in: contents.bytes)
    // Any partition will do for a row without one of its own: it cannot leave it.
    let hasSamePartition = partition == nil || newPartition == nil || partition == newPartition
    if topic.number == message.topic, hasSameKey, hasSamePartition { return nil }
    output.moved += 1
    guard onMove == .tombstone, let key, let partition else { return nil }
    try appendHeaders(move, id: id, isBackfill: false, to: &contents)
    return Envelope.Message(
      topic: topic.number,
      partition: partition,
      key: key,
      value: nil,
      headers: firstHeader..<contents.headers.count
    )
  }

  private static func isSame(
    _ first: Range<Int>?,
    _ second: Range<Int>?,
    in bytes: borrowing ByteBuffer
  ) -> Bool {
    guard let first, let second else { return first == nil && second == nil }
    return bytes.bytes(first).elementsEqual(bytes.bytes(second))
  }

  /// Where the old message is; nil if any partition would have done, and if there is none.
  private mutating func oldPartition(
    _ move: TriggerPlan,
    key: Range<Int>?,
    topic: (number: Int32, partitions: Int),
    output: inout Composition,
    bytes: borrowing ByteBuffer
  ) -> Int32? {
    if topic.partitions == 0 { return nil }
    do throws(Rejection) {
      if let asked = try askedPartition(move, topic: topic, output: &output) { return asked }
    } catch {
      // With such values the row was never sent.
      return nil
    }
    return key.map {
      Int32(Partitioner.partition(key: bytes.bytes($0), partitions: topic.partitions))
    }
  }
}
