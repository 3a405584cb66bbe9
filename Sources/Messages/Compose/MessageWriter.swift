internal import Bytes
internal import JSON
internal import Rows

/// Writes one message after the other into a batch.
struct MessageWriter: ~Copyable {
  private var fields = FieldTable(count: 0)
  private var writer = FieldWriter()
  private var text = ByteBuffer()
  private let scanner = JSONScanner()
  private var lastTopic = ByteBuffer()
  private var lastFound: (number: Int32, partitions: Int)?

  /// Forgets what it remembers of topics: between batches new ones may have come.
  mutating func begin() {
    lastFound = nil
  }

  /// Appends the message of one row; throws where it cannot be one, and then appends nothing.
  mutating func write(
    _ line: UnsafeRawBufferPointer,
    _ item: RowsToSend.Item,
    _ plan: TriggerPlan,
    _ isBackfill: Bool,
    _ topics: Topics,
    _ eventID: inout EventID,
    to output: ComposedBatch
  ) throws(Rejection) {
    if fields.count != plan.fieldCount { fields = FieldTable(count: plan.fieldCount) }
    guard fields.split(line) else { throw Rejection("its line does not fit its shape") }
    let batch = output.messages
    let mark = (bytes: batch.bytes.count, headers: batch.headers.count)
    do throws(Rejection) {
      guard let topic = try findTopic(plan, topics, item, output) else { return }
      let id = appendEventID(plan, item, &eventID, to: batch)
      let key = try appendKey(plan, id, to: batch)
      let partition = try partition(plan, key, topic, topics, output)
      try appendHeaders(plan, id, isBackfill, to: batch)
      let value = try appendBody(plan, key, id, to: batch)
      batch.messages.append(
        MessageBatch.Message(
          topic: topic.number,
          partition: partition,
          key: key,
          value: value,
          headers: mark.headers..<batch.headers.count
        )
      )
      output.positions.append(item.position)
    } catch {
      batch.bytes.truncate(to: mark.bytes)
      batch.headers.removeSubrange(mark.headers...)
      throw error
    }
  }

  // MARK: - Topic and partition

  /// The topic; nil where it does not exist, which is noted.
  private mutating func findTopic(
    _ plan: TriggerPlan,
    _ topics: Topics,
    _ item: RowsToSend.Item,
    _ output: ComposedBatch
  ) throws(Rejection) -> (number: Int32, partitions: Int)? {
    text.removeAll()
    guard try Self.appendText(plan.topic, nil, fields, &writer, to: &text) else {
      throw Rejection("the topic is NULL")
    }
    if let lastFound, text.bytes.elementsEqual(lastTopic.bytes) { return lastFound }
    if let flaw = Topics.flaw(in: text.bytes) { throw Rejection(flaw) }
    let found = topics.find(text.text)
    if found.partitions == 0 {
      output.unknownTopics.append((item.position, text.text))
      return nil
    }
    lastTopic.removeAll()
    lastTopic.append(text.bytes)
    lastFound = found
    return found
  }

  private mutating func partition(
    _ plan: TriggerPlan,
    _ key: Range<Int>?,
    _ topic: (number: Int32, partitions: Int),
    _ topics: Topics,
    _ output: ComposedBatch
  ) throws(Rejection) -> Int32 {
    if let value = plan.partition {
      text.removeAll()
      let isPresent = try Self.appendText(value, nil, fields, &writer, to: &text)
      switch PartitionText.parse(text.bytes) {
      case .number(let number) where isPresent:
        guard number < topic.partitions else {
          throw Rejection("partition \(number) is beyond the topic's \(topic.partitions)")
        }
        return Int32(number)
      case .outOfRange where isPresent: throw Rejection("the partition is negative or too large")
      default: output.ignoredPartitions += 1
      }
    }
    guard let key else { return topics.nextPartition(of: topic.number) }
    let bytes = output.messages.bytes.bytes(key)
    return Int32(Partitioner.partition(key: bytes, partitions: topic.partitions))
  }

  // MARK: - Key and headers

  private mutating func appendEventID(
    _ plan: TriggerPlan,
    _ item: RowsToSend.Item,
    _ eventID: inout EventID,
    to batch: MessageBatch
  ) -> Range<Int> {
    let start = batch.bytes.count
    text.removeAll()
    for (index, field) in plan.keyFields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "\t")) }
      text.append(fields[field])
    }
    eventID.append(item.change, key: text.bytes, to: &batch.bytes)
    return start..<batch.bytes.count
  }

  private mutating func appendKey(
    _ plan: TriggerPlan,
    _ id: Range<Int>,
    to batch: MessageBatch
  ) throws(Rejection) -> Range<Int>? {
    guard let value = plan.key else { return nil }
    if case .eventID = value { return id }
    let start = batch.bytes.count
    guard try Self.appendText(value, "key", fields, &writer, to: &batch.bytes) else { return nil }
    return start == batch.bytes.count ? nil : start..<batch.bytes.count
  }

  private mutating func appendHeaders(
    _ plan: TriggerPlan,
    _ id: Range<Int>,
    _ isBackfill: Bool,
    to batch: MessageBatch
  ) throws(Rejection) {
    for header in plan.headers {
      if case .eventID = header.value {
        batch.headers.append(MessageBatch.Header(name: header.name, value: id))
        continue
      }
      let start = batch.bytes.count
      guard try Self.appendText(header.value, "header", fields, &writer, to: &batch.bytes) else {
        continue
      }
      batch.headers.append(
        MessageBatch.Header(name: header.name, value: start..<batch.bytes.count)
      )
    }
    if isBackfill {
      let start = batch.bytes.count
      batch.bytes.append("true")
      batch.headers.append(
        MessageBatch.Header(name: plan.backfillHeader, value: start..<batch.bytes.count)
      )
    }
  }

  /// Appends the text of a value; false where it is NULL.
  ///
  /// A row of an older shape can do without a column in a header, nowhere else.
  private static func appendText(
    _ value: ValuePlan,
    _ place: String?,
    _ fields: borrowing FieldTable,
    _ writer: inout FieldWriter,
    to output: inout ByteBuffer
  ) throws(Rejection) -> Bool {
    switch value {
    case .constant(let text, _):
      guard let text else { return false }
      output.append(text)
      return true
    case .column(let index, let form, let name):
      let field = fields[index]
      if field.isNullField { return false }
      do throws(Rejection) {
        try writer.appendText(field, form, to: &output)
      } catch {
        throw Rejection("column '\(name)': \(error.reason)")
      }
      return true
    case .missing(let name):
      if place == "header" { return false }
      throw Rejection("its row was stored before the model had the column '\(name)'")
    case .eventID: return false
    }
  }

  // MARK: - Body

  private mutating func appendBody(
    _ plan: TriggerPlan,
    _ key: Range<Int>?,
    _ id: Range<Int>,
    to batch: MessageBatch
  ) throws(Rejection) -> Range<Int>? {
    let start = batch.bytes.count
    switch plan.body {
    case .tombstone:
      if key == nil { throw Rejection("a tombstone needs a key, and it has none") }
      return nil
    case .wholeMissing: batch.bytes.append("null")
    case .whole(let index, let form, let name):
      try appendWhole(fields[index], form, name, to: &batch.bytes)
    case .steps(let steps):
      for step in steps { try append(step, id, to: batch) }
    }
    return start..<batch.bytes.count
  }

  private mutating func append(
    _ step: BodyStep,
    _ id: Range<Int>,
    to batch: MessageBatch
  ) throws(Rejection) {
    switch step {
    case .bytes(let bytes): batch.bytes.append(bytes)
    case .field(let index, let form, let name):
      do throws(Rejection) {
        try writer.appendJSON(fields[index], form, to: &batch.bytes)
      } catch {
        throw Rejection("column '\(name)': \(error.reason)")
      }
    case .eventID:
      text.removeAll()
      text.append(batch.bytes.bytes(id))
      batch.bytes.append(quoted: text.bytes)
    }
  }

  /// A column that holds the whole JSON: as text it must be JSON itself.
  private mutating func appendWhole(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    _ name: String,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return output.append("null") }
    do throws(Rejection) {
      guard form.isText(field) else { return try writer.appendJSON(field, form, to: &output) }
      text.removeAll()
      try writer.appendText(field, form, to: &text)
    } catch {
      throw Rejection("column '\(name)': \(error.reason)")
    }
    do throws(JSONError) {
      try scanner.compact(text.bytes, into: &output)
    } catch {
      throw Rejection("column '\(name)' holds no valid JSON: \(error.description)")
    }
  }
}
