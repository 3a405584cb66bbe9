internal import Text
internal import JSON
internal import Rows
internal import Settings
internal import Values

/// Writes one message after the other into a batch.
struct MessageWriter: ~Copyable {
  var fields = FieldTable(count: 0)
  var writer = FieldWriter()
  var text = ByteBuffer()
  private let scanner = JSONScanner()
  private var lastTopic = ByteBuffer()
  private var lastFound: (number: Int32, partitions: Int)?
  /// The plan whose constant topic was found last.
  private var lastConstant: TriggerPlan?
  /// Whether the key written last is only the id of its event.
  var lastKeyIsEventID = false
  var oldFields = FieldTable(count: 0)
  /// Whether the partition written last is the row's own: asked for, or given by a key of the row.
  var lastPartitionIsFixed = false
  /// Makes the places of messages comparable, also between runs.
  var placeHasher = PlaceHasher()

  /// Forgets what it remembers of topics: between batches new ones may have come.
  mutating func begin() {
    lastFound = nil
    lastConstant = nil
  }

  /// Writes the message of one row; throws if it cannot be one, and then what it appended is
  /// for the caller to drop.
  ///
  /// Returns nil if its topic does not exist, which is noted in `output`. The buffers are passed
  /// one by one, since reaching them through an object costs a check for every byte run.
  mutating func write(
    _ line: UnsafeRawBufferPointer,
    old: (line: UnsafeRawBufferPointer, number: Int, shape: Shape)?,
    item: RowsToSend.Item,
    plan: TriggerPlan,
    isBackfill: Bool,
    topics: Topics,
    eventID: inout EventID,
    output: ComposedBatch,
    bytes: inout ByteBuffer,
    headers: inout [MessageBatch.Header]
  ) throws(Rejection) -> MessageBatch.Message? {
    if fields.count != plan.fieldCount { fields = FieldTable(count: plan.fieldCount) }
    guard fields.split(line, count: plan.splitCount) else {
      throw Rejection("its line does not fit its shape")
    }
    let start = bytes.count
    let firstHeader = headers.count
    let id = appendEventID(plan, item: item, suffix: 0, eventID: &eventID, to: &bytes)
    try use(plan, line: line, item: item, old: old, id: id, bytes: bytes)
    guard let topic = try findTopic(plan, topics: topics, item: item, output: output) else {
      bytes.truncate(to: start)
      return nil
    }
    let key = try appendKey(plan, id, to: &bytes)
    let partition = try partition(
      plan,
      key: key,
      topic: topic,
      topics: topics,
      output: output,
      bytes: bytes
    )
    try appendHeaders(plan, id: id, isBackfill: isBackfill, bytes: &bytes, headers: &headers)
    let value = try appendBody(plan, key: key, id: id, to: &bytes)
    return MessageBatch.Message(
      topic: topic.number,
      partition: partition,
      key: key,
      value: value,
      headers: firstHeader..<headers.count
    )
  }

  /// Turns the variables of templates and expressions to a row.
  func use(
    _ plan: TriggerPlan,
    line: UnsafeRawBufferPointer,
    item: RowsToSend.Item,
    old: (line: UnsafeRawBufferPointer, number: Int, shape: Shape)?,
    id: Range<Int>,
    bytes: borrowing ByteBuffer
  ) throws(Rejection) {
    guard let scope = plan.scope else { return }
    let id = plan.needsEventID ? String(decoding: bytes.bytes(id), as: UTF8.self) : ""
    try scope.use(line, item.change, old: old, eventID: id)
  }

  // MARK: - Topic and partition

  /// The topic; nil if it does not exist, which is noted.
  private mutating func findTopic(
    _ plan: TriggerPlan,
    topics: Topics,
    item: RowsToSend.Item,
    output: ComposedBatch
  ) throws(Rejection) -> (number: Int32, partitions: Int)? {
    if let lastFound, lastConstant === plan { return lastFound }
    text.removeAll()
    guard
      try Self.appendText(
        plan.topic,
        place: nil,
        scope: plan.scope,
        fields: fields,
        writer: &writer,
        to: &text
      )
    else {
      throw Rejection("the topic is NULL")
    }
    if let lastFound, text.bytes.elementsEqual(lastTopic.bytes) { return lastFound }
    if let flaw = TopicName.flaw(in: text.bytes) { throw Rejection(flaw.reason) }
    let found = topics.find(text.text)
    if found.partitions == 0 {
      output.unknownTopics.append((item.position, text.text))
      return nil
    }
    lastTopic.removeAll()
    lastTopic.append(text.bytes)
    lastFound = found
    if case .constant = plan.topic { lastConstant = plan } else { lastConstant = nil }
    return found
  }

  mutating func partition(
    _ plan: TriggerPlan,
    key: Range<Int>?,
    topic: (number: Int32, partitions: Int),
    topics: Topics,
    output: ComposedBatch,
    bytes: borrowing ByteBuffer
  ) throws(Rejection) -> Int32 {
    lastPartitionIsFixed = false
    if let asked = try askedPartition(plan, topic: topic, output: output) {
      lastPartitionIsFixed = true
      return asked
    }
    guard let key else { return topics.nextPartition(of: topic.number) }
    lastPartitionIsFixed = !lastKeyIsEventID
    return Int32(Partitioner.partition(key: bytes.bytes(key), partitions: topic.partitions))
  }

  /// The partition that the settings ask for; nil if they ask for none.
  mutating func askedPartition(
    _ plan: TriggerPlan,
    topic: (number: Int32, partitions: Int),
    output: ComposedBatch
  ) throws(Rejection) -> Int32? {
    guard let value = plan.partition else { return nil }
    text.removeAll()
    let isPresent = try Self.appendText(
      value,
      place: nil,
      scope: plan.scope,
      fields: fields,
      writer: &writer,
      to: &text
    )
    switch PartitionText.parse(text.bytes) {
    case .number(let number) where isPresent:
      guard number < topic.partitions else {
        throw Rejection(
          "the partition is beyond the topic's \(topic.partitions)",
          detail: "partition \(number)"
        )
      }
      return Int32(number)
    case .outOfRange where isPresent: throw Rejection("the partition is negative or too large")
    default:
      output.ignoredPartitions += 1
      return nil
    }
  }

  // MARK: - Key and headers

  mutating func appendEventID(
    _ plan: TriggerPlan,
    item: RowsToSend.Item,
    suffix: UInt8,
    eventID: inout EventID,
    to bytes: inout ByteBuffer
  ) -> Range<Int> {
    let start = bytes.count
    if !plan.needsEventID { return start..<start }
    text.removeAll()
    for (index, field) in plan.keyFields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "\t")) }
      text.append(fields[field])
    }
    eventID.append(item.change, key: text.bytes, suffix: suffix, to: &bytes)
    return start..<bytes.count
  }

  mutating func appendKey(
    _ plan: TriggerPlan,
    _ id: Range<Int>,
    to bytes: inout ByteBuffer
  ) throws(Rejection) -> Range<Int>? {
    lastKeyIsEventID = false
    guard let value = plan.key else { return nil }
    if case .eventID = value {
      lastKeyIsEventID = true
      return id
    }
    let start = bytes.count
    if case .expression = value {
      let isPresent =
        (try? Self.appendText(
          value,
          place: "key",
          scope: plan.scope,
          fields: fields,
          writer: &writer,
          to: &bytes
        ))
      if isPresent == true, bytes.count > start { return start..<bytes.count }
      plan.scope?.forgetFailure()
      bytes.truncate(to: start)
      lastKeyIsEventID = true
      return id
    }
    guard
      try Self.appendText(
        value,
        place: "key",
        scope: plan.scope,
        fields: fields,
        writer: &writer,
        to: &bytes
      )
    else {
      return nil
    }
    return start == bytes.count ? nil : start..<bytes.count
  }

  mutating func appendHeaders(
    _ plan: TriggerPlan,
    id: Range<Int>,
    isBackfill: Bool,
    bytes: inout ByteBuffer,
    headers: inout [MessageBatch.Header]
  ) throws(Rejection) {
    for header in plan.headers {
      if case .eventID = header.value {
        headers.append(MessageBatch.Header(name: header.name, value: id))
        continue
      }
      let start = bytes.count
      guard
        try Self.appendText(
          header.value,
          place: "header",
          scope: plan.scope,
          fields: fields,
          writer: &writer,
          to: &bytes
        )
      else {
        continue
      }
      headers.append(
        MessageBatch.Header(name: header.name, value: start..<bytes.count)
      )
    }
    if isBackfill {
      let start = bytes.count
      bytes.append("true")
      headers.append(
        MessageBatch.Header(name: plan.backfillHeader, value: start..<bytes.count)
      )
    }
  }

  /// Appends the text of a value; false if it is NULL.
  ///
  /// A row of an older shape can do without a column in a header, nowhere else.
  static func appendText(
    _ value: ValuePlan,
    place: String?,
    scope: RecordScope?,
    fields: borrowing FieldTable,
    writer: inout FieldWriter,
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
        throw error.of("column '\(name)'")
      }
      return true
    case .columns(let columns):
      try appendArray(columns, fields: fields, writer: &writer, to: &output)
      return true
    case .missing(let name):
      if place == "header" { return false }
      throw Rejection("its row was stored before the model had the column '\(name)'")
    case .template(let template):
      if let scope { try template.render(scope, into: &output) }
      return true
    case .expression(let expression):
      guard let scope else { return false }
      return try result(expression, scope: scope, fields: fields, writer: &writer).appendText(
        to: &output
      )
    case .eventID: return false
    }
  }

  /// Appends a JSON array of columns.
  private static func appendArray(
    _ columns: [ColumnPlan],
    fields: borrowing FieldTable,
    writer: inout FieldWriter,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    for (position, column) in columns.enumerated() {
      output.append(UInt8(ascii: position == 0 ? "[" : ","))
      do throws(Rejection) {
        try writer.appendJSON(fields[column.index], column.form, to: &output)
      } catch {
        throw error.of("column '\(column.name)'")
      }
    }
    output.append(UInt8(ascii: "]"))
  }

  /// What an expression makes of the row.
  private static func result(
    _ expression: ExpressionPlan,
    scope: RecordScope,
    fields: borrowing FieldTable,
    writer: inout FieldWriter
  ) throws(Rejection) -> Value {
    var headers: [(String, Value)] = []
    for header in expression.headers {
      var text = ByteBuffer()
      if try appendText(
        header.value,
        place: "header",
        scope: scope,
        fields: fields,
        writer: &writer,
        to: &text
      ) {
        headers.append((header.name, .string(text.text)))
      }
    }
    return try expression.value(scope, headers: headers)
  }

  // MARK: - Body

  private mutating func appendBody(
    _ plan: TriggerPlan,
    key: Range<Int>?,
    id: Range<Int>,
    to bytes: inout ByteBuffer
  ) throws(Rejection) -> Range<Int>? {
    let start = bytes.count
    switch plan.body {
    case .tombstone:
      if key == nil { throw Rejection("a tombstone needs a key, and it has none") }
      return nil
    case .wholeMissing: bytes.append("null")
    case .whole(let index, let form):
      try appendWhole(fields[index], form: form, name: plan.columnNames[index], to: &bytes)
    case .template(let template):
      text.removeAll()
      if let scope = plan.scope { try template.render(scope, into: &text) }
      do throws(JSONError) {
        try scanner.compact(text.bytes, into: &bytes)
      } catch {
        throw Rejection(template.origin.invalidJSON, error, of: "the output")
      }
    case .expression(let expression):
      guard let scope = plan.scope else { break }
      bytes.append(json: try Self.result(expression, scope: scope, fields: fields, writer: &writer))
    case .steps(let body):
      for step in body.steps { try append(step, plan: plan, id: id, to: &bytes) }
      if let max = body.byteCountMax, bytes.count - start > max {
        throw Rejection("the template: more than \(max) bytes of output")
      }
    }
    return start..<bytes.count
  }

  private mutating func append(
    _ step: BodyStep,
    plan: TriggerPlan,
    id: Range<Int>,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    switch step {
    case .bytes(let range): output.append(plan.constants.bytes(range))
    case .field(let index, let form):
      do throws(Rejection) {
        try writer.appendJSON(fields[index], form, to: &output)
      } catch {
        throw error.of("column '\(plan.columnNames[index])'")
      }
    case .escaped(let index, let form):
      do throws(Rejection) {
        try writer.appendEscaped(fields[index], form: form, scratch: &text, to: &output)
      } catch {
        throw error.of("column '\(plan.columnNames[index])'")
      }
    case .eventID:
      text.removeAll()
      text.append(output.bytes(id))
      output.append(quoted: text.bytes)
    case .template(let number):
      guard let scope = plan.scope else { return }
      let template = plan.templates[number]
      if template.isLone { return output.append(json: try template.value(scope)) }
      text.removeAll()
      try template.render(scope, into: &text)
      _ = output.append(quoted: text.bytes)
    case .expression(let number):
      guard let scope = plan.scope else { return }
      let expression = plan.expressions[number]
      output.append(
        json: try Self.result(expression, scope: scope, fields: fields, writer: &writer)
      )
    }
  }

  /// A column that holds the whole JSON: as text it must be JSON itself.
  private mutating func appendWhole(
    _ field: UnsafeRawBufferPointer,
    form: FieldForm,
    name: String,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return output.append("null") }
    do throws(Rejection) {
      guard form.isText(field) else { return try writer.appendJSON(field, form, to: &output) }
      text.removeAll()
      try writer.appendText(field, form, to: &text)
    } catch {
      throw error.of("column '\(name)'")
    }
    do throws(JSONError) {
      try scanner.compact(text.bytes, into: &output)
    } catch {
      throw Rejection("column '\(name)' holds no valid JSON", error, of: "its text")
    }
  }
}
