internal import Reports
internal import Settings
internal import State
internal import Values

/// What the file of a pinned plan says besides its report: what `apply` compares and judges.
struct PinHeader: Sendable {
  var plan: String
  var sync: String
  var run: String
  var madeAt: Int
  var heldUntil: Int?
  var messages: Int
  /// What was planned: `run` or `backfill`.
  var command: String
  var isPartial: Bool
  var isSilent: Bool

  // What the state was.
  var stateID: String
  /// Only for a sync that had no state: then the plan brings it.
  var secret: UInt64?
  var before: SnapshotDigest
  var after: SnapshotDigest
  var lastRun: Int
  var firstBatch: Int

  // What the state says of itself once everything is sent.
  var primaryKey: [String]
  var counted: [String]
  var shape: Int
  var cluster: String
  var source: String?
  var modelHash: String
  var settingsHash: String
  /// What its messages were made with, as a state keeps it.
  var messageSettings: String
  /// Whether every row has the message of these settings once it is applied.
  var isWhole: Bool

  var topics: [PinnedTopic]
  var counts: RunCounts
  var figures: GuardFigures
  var judged: Set<Guard>

  /// What reports say of the plan, which is in `file`.
  func report(file: String) -> PinReport {
    var report = PinReport(
      plan: plan,
      file: file,
      run: run,
      madeAt: madeAt,
      messages: messages
    )
    report.heldUntil = heldUntil
    return report
  }
}

extension PinHeader {
  /// As the file keeps it.
  var json: String {
    let members: [(String, Value)] =
      [
        ("plan", .string(plan)), ("sync", .string(sync)), ("run", .string(run)),
        ("made_at", .integer(madeAt)), ("held_until", .optional(heldUntil)),
        ("messages", .integer(messages)), ("command", .string(command)),
        ("is_partial", .bool(isPartial)), ("is_silent", .bool(isSilent)),
        ("state_id", .string(stateID)), ("secret", .optional(secret.map { "\($0)" })),
        ("before_basis", .optional(before.basis)), ("before", .string(before.text)),
        ("after_basis", .optional(after.basis)), ("after", .string(after.text)),
        ("last_run", .integer(lastRun)), ("first_batch", .integer(firstBatch)),
      ]
      + [
        ("primary_key", .array(primaryKey.map(Value.string))),
        ("counted", .array(counted.map(Value.string))), ("shape", .integer(shape)),
        ("cluster", .string(cluster)), ("source", .optional(source)),
        ("model_hash", .string(modelHash)), ("settings_hash", .string(settingsHash)),
        ("message_settings", .string(messageSettings)), ("is_whole", .bool(isWhole)),
        ("topics", .array(topics.map(\.json))), ("counts", counts.json),
        ("figures", figures.json),
        ("judged", .array(judged.map(\.rawValue).sorted().map(Value.string))),
      ]
    return Value.object(Object(members)).jsonText
  }

  /// Reads what ``json`` wrote; nil if it is something else.
  init?(json: String) {
    guard case .object(let root) = Value(json: json),
      let plan = root.text("plan"), let sync = root.text("sync"), let run = root.text("run"),
      let madeAt = root.number("made_at"), let messages = root.number("messages"),
      let command = root.text("command"), let stateID = root.text("state_id"),
      let before = root.text("before").flatMap({
        SnapshotDigest(text: $0, basis: root.text("before_basis"))
      }),
      let after = root.text("after").flatMap({
        SnapshotDigest(text: $0, basis: root.text("after_basis"))
      }),
      let lastRun = root.number("last_run"), let firstBatch = root.number("first_batch"),
      let shape = root.number("shape"), let cluster = root.text("cluster"),
      let modelHash = root.text("model_hash"), let settingsHash = root.text("settings_hash"),
      let messageSettings = root.text("message_settings"),
      let counts = root["counts"].flatMap({ RunCounts(json: $0.jsonText) }),
      let figures = root.object("figures").flatMap(GuardFigures.init)
    else { return nil }
    self.init(
      plan: plan,
      sync: sync,
      run: run,
      madeAt: madeAt,
      heldUntil: root.number("held_until"),
      messages: messages,
      command: command,
      isPartial: root.flag("is_partial"),
      isSilent: root.flag("is_silent"),
      stateID: stateID,
      secret: root.text("secret").flatMap(UInt64.init),
      before: before,
      after: after,
      lastRun: lastRun,
      firstBatch: firstBatch,
      primaryKey: root.texts("primary_key"),
      counted: root.texts("counted"),
      shape: shape,
      cluster: cluster,
      source: root.text("source"),
      modelHash: modelHash,
      settingsHash: settingsHash,
      messageSettings: messageSettings,
      isWhole: root.flag("is_whole"),
      topics: root.objects("topics").compactMap(PinnedTopic.init),
      counts: counts,
      figures: figures,
      judged: Set(root.texts("judged").compactMap(Guard.init))
    )
  }
}

extension PinnedTopic {
  fileprivate var json: Value {
    .object(
      Object([
        ("name", .string(name)), ("partitions", .integer(partitions)), ("id", .optional(id)),
        ("is_new", .bool(isNew)),
      ])
    )
  }

  fileprivate init?(_ object: Object) {
    guard let name = object.text("name"), let partitions = object.number("partitions") else {
      return nil
    }
    self.init(
      name: name,
      partitions: partitions,
      id: object.text("id"),
      isNew: object.flag("is_new")
    )
  }
}

extension GuardFigures {
  fileprivate var json: Value {
    var members: [(String, Value)] = [
      ("known", .integer(known)), ("is_established", .bool(isEstablished)),
      ("valid", .integer(valid)), ("added", .integer(added)), ("changed", .integer(changed)),
      ("removed", .integer(removed)), ("rejected", .integer(rejected)),
      ("rejected_examples", .array(rejectedExamples.map(Value.string))),
    ]
    if let rekeyed {
      members += [
        ("compared", .integer(rekeyed.compared)), ("returned", .integer(rekeyed.returned)),
        ("rekeyed_examples", .array(rekeyed.examples.map(Value.string))),
      ]
    }
    for (change, keys) in examples {
      members.append(("\(change.rawValue)_examples", .array(keys.map(Value.string))))
    }
    return .object(Object(members))
  }

  fileprivate init?(_ object: Object) {
    guard let known = object.number("known"), let valid = object.number("valid"),
      let added = object.number("added"), let changed = object.number("changed"),
      let removed = object.number("removed"), let rejected = object.number("rejected")
    else { return nil }
    self.init()
    (self.known, self.valid, isEstablished) = (known, valid, object.flag("is_established"))
    (self.added, self.changed, self.removed) = (added, changed, removed)
    self.rejected = rejected
    rejectedExamples = object.texts("rejected_examples")
    if let compared = object.number("compared"), let returned = object.number("returned") {
      rekeyed = Rekeyed(
        compared: compared,
        returned: returned,
        examples: object.texts("rekeyed_examples")
      )
    }
    for change in Change.allCases {
      let keys = object.texts("\(change.rawValue)_examples")
      if !keys.isEmpty { examples[change] = keys }
    }
  }
}
