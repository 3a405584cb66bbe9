internal import Text
internal import JSON
internal import Rows
internal import Settings
internal import Values

/// A row of the snapshot that a change supersedes.
struct SupersededRow {
  /// Its line, in the batch that is composed.
  var line: UnsafeRawBufferPointer
  /// Number of its shape.
  var number: Int
  var shape: Shape
}

/// Writes one message after the other into a batch.
struct MessageWriter: ~Copyable {
  let topics: Topics
  let onMove: MovePolicy
  private var eventID: EventID
  var fields = FieldTable(count: 0)
  var writer = FieldWriter()
  var text = ByteBuffer()
  let scanner = JSONScanner()
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

  init(topics: Topics, onMove: MovePolicy, eventID: consuming EventID) {
    self.topics = topics
    self.onMove = onMove
    self.eventID = eventID
  }

  /// Begins the batch with `token`, and forgets what it remembers of topics: between batches new
  /// ones may have come.
  mutating func begin(token: [UInt8]) {
    eventID.begin(token: token)
    lastFound = nil
    lastConstant = nil
  }

  /// Writes the message of one row; throws if it cannot be one, and then what it appended is
  /// for the caller to drop.
  ///
  /// Returns nil if its topic does not exist, which is noted in `output`.
  mutating func write(
    _ line: UnsafeRawBufferPointer,
    old: SupersededRow?,
    item: RowsToSend.Item,
    plan: TriggerPlan,
    isBackfill: Bool,
    contents: inout Envelope.Contents,
    output: inout Composition
  ) throws(Rejection) -> Envelope.Message? {
    if fields.count != plan.fieldCount { fields = FieldTable(count: plan.fieldCount) }
    guard fields.split(line, count: plan.splitCount) else {
      throw Rejection("its line does not fit its shape")
    }
    let start = contents.end
    let firstHeader = contents.headers.count
    let id = appendEventID(plan, item: item, suffix: 0, to: &contents.bytes)
    try use(plan, line: line, item: item, old: old, id: id, bytes: contents.bytes)
    guard let topic = try findTopic(plan, item: item, output: &output) else {
      contents.truncate(to: start)
      return nil
    }
    let key = try appendKey(plan, id, to: &contents.bytes)
    let partition = try partition(
      plan,
      key: key,
      topic: topic,
      output: &output,
      bytes: contents.bytes
    )
    try appendHeaders(plan, id: id, isBackfill: isBackfill, to: &contents)
    let value = try appendBody(plan, key: key, id: id, to: &contents.bytes)
    return Envelope.Message(
      topic: topic.number,
      partition: partition,
      key: key,
      value: value,
      headers: firstHeader..<contents.headers.count
    )
  }

  /// Turns the variables of templates and expressions to a row.
  func use(
    _ plan: TriggerPlan,
    line: UnsafeRawBufferPointer,
    item: RowsToSend.Item,
    old: SupersededRow?,
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
    item: RowsToSend.Item,
    output: inout Composition
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
    output: inout Composition,
    bytes: borrowing ByteBuffer
  ) throws(Rejection) -> Int32 {
    lastPartitionIsFixed = false
    if let asked = try askedPartition(plan, topic: topic, output: &output) {
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
    output: inout Composition
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
    to contents: inout Envelope.Contents
  ) throws(Rejection) {
    for header in plan.headers {
      if case .eventID = header.value {
        contents.headers.append(Envelope.Header(name: header.name, value: id))
        continue
      }
      let start = contents.bytes.count
      guard
        try Self.appendText(
          header.value,
          place: "header",
          scope: plan.scope,
          fields: fields,
          writer: &writer,
          to: &contents.bytes
        )
      else {
        continue
      }
      contents.headers.append(
        Envelope.Header(name: header.name, value: start..<contents.bytes.count)
      )
    }
    if isBackfill {
      let start = contents.bytes.count
      contents.bytes.append("true")
      contents.headers.append(
        Envelope.Header(name: plan.backfillHeader, value: start..<contents.bytes.count)
      )
    }
  }
}
