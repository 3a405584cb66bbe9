/// What the first run of a sync does.
public enum InitialSync: String, Sendable, Hashable, CaseIterable {
  /// Every row is sent as added.
  case backfill
  /// Every row is remembered, none is sent.
  case skip
}

/// Which columns decide whether a row has changed.
public enum ChangedWhen: Sendable, Hashable {
  /// All of them.
  case anyColumn
  /// All but these.
  case ignoring([String])
  /// Only these; the primary key goes without saying.
  case only([String])
}

/// What happens when the model's columns changed.
public enum ModelChangePolicy: String, Sendable, Hashable, CaseIterable {
  /// The snapshot takes the new shape, nothing is sent for it.
  case absorb
  /// Every row is sent again.
  case resend
}

/// What happens when a topic that a row asks for is not there.
public enum UnknownTopicPolicy: String, Sendable, Hashable, CaseIterable {
  /// Its whole batch fails.
  case fail
  /// The row is rejected.
  case reject
}

/// What happens at the old place of a row whose topic or key changed.
public enum MovePolicy: String, Sendable, Hashable, CaseIterable {
  /// It is only counted.
  case ignore
  /// A null value is sent there first.
  case tombstone
}

/// Under which keys null values may be sent.
public enum NullValuePolicy: String, Sendable, Hashable, CaseIterable {
  /// Only under keys that are the row's own: see ``RowKey``.
  case checked
  /// Under any: the user knows that the key is unique.
  case unchecked
}

/// How sure delivery is.
public enum DeliveryGuarantee: String, Sendable, Hashable, CaseIterable {
  /// Nothing is lost; after a crash some may come again.
  case atLeastOnce = "at_least_once"
  /// Kafka transactions: nothing is lost, nothing comes twice.
  case exactlyOnce = "exactly_once"
}

/// One sync: a model, a destination, and how changes become messages.
public struct SyncSettings: Sendable {
  /// Name: the file's, without `.yml`.
  public var name: String
  /// Path as it is shown.
  public var file: String
  /// Name of its model.
  public var model: Located<String>
  /// Name of its destination.
  public var destination: Located<String>
  /// Messages of added rows, and of a backfill.
  public var added: MessageSettings
  /// Messages of changed rows.
  public var changed: MessageSettings
  /// Messages of removed rows.
  public var removed: MessageSettings
  /// How long a row must be missing before it is removed; nil for not at all.
  public var removalGrace: RemovalGrace?
  /// What the first run does.
  public var initialSync: InitialSync
  /// Which columns count.
  public var changedWhen: Located<ChangedWhen>
  /// What a changed model does.
  public var onModelChange: ModelChangePolicy
  /// What a row that moves does.
  public var onMove: MovePolicy
  /// Under which keys null values may be sent.
  public var nullValues: NullValuePolicy
  /// What a missing topic does.
  public var unknownTopic: UnknownTopicPolicy
  /// Bounds.
  public var guards: GuardSettings
  /// How sure delivery is.
  public var delivery: DeliveryGuarantee
  /// Whether a missing state file is an error.
  public var stateRequired: Bool
  /// Five-field cron expression, nil for a sync that runs only when asked.
  public var schedule: Located<String>?
  /// Tags.
  public var tags: [String]
  /// What templates may use.
  public var templates: TemplateSettings
  /// Values that variables gave, or that stand under the key of a secret, in any of the project's
  /// files: the state does not keep them as they are.
  public var privateValues: Set<Secret> = []

  /// Creates a sync's settings.
  public init(
    name: String,
    file: String,
    model: Located<String>,
    destination: Located<String>,
    added: MessageSettings,
    changed: MessageSettings,
    removed: MessageSettings,
    removalGrace: RemovalGrace? = nil,
    initialSync: InitialSync = .backfill,
    changedWhen: Located<ChangedWhen> = Located(.anyColumn),
    onModelChange: ModelChangePolicy = .absorb,
    onMove: MovePolicy = .ignore,
    nullValues: NullValuePolicy = .checked,
    unknownTopic: UnknownTopicPolicy = .fail,
    guards: GuardSettings = GuardSettings(),
    delivery: DeliveryGuarantee = .atLeastOnce,
    stateRequired: Bool = false,
    schedule: Located<String>? = nil,
    tags: [String] = [],
    templates: TemplateSettings = TemplateSettings()
  ) {
    self.name = name
    self.file = file
    self.model = model
    self.destination = destination
    self.added = added
    self.changed = changed
    self.removed = removed
    self.removalGrace = removalGrace
    self.initialSync = initialSync
    self.changedWhen = changedWhen
    self.onModelChange = onModelChange
    self.onMove = onMove
    self.nullValues = nullValues
    self.unknownTopic = unknownTopic
    self.guards = guards
    self.delivery = delivery
    self.stateRequired = stateRequired
    self.schedule = schedule
    self.tags = tags
    self.templates = templates
  }

  /// How the messages of `change` are made.
  public subscript(change: Change) -> MessageSettings {
    switch change {
    case .added: added
    case .changed: changed
    case .removed: removed
    }
  }
}

/// What templates of a sync may use.
public struct TemplateSettings: Sendable {
  /// Sources of the partials, by name.
  public var partials: [String: String]
  /// Longest time of one rendering.
  public var renderTime: Duration
  /// Most bytes of one rendering.
  public var outputBytes: Int
  /// Most rounds of all loops of one rendering.
  public var iterations: Int
  /// Where the templates are written.
  public var places = TemplatePlaces()

  /// Creates settings; the defaults are a second, 1 MiB and a million rounds.
  public init(
    partials: [String: String] = [:],
    renderTime: Duration = .seconds(1),
    outputBytes: Int = 1 << 20,
    iterations: Int = 1_000_000
  ) {
    self.partials = partials
    self.renderTime = renderTime
    self.outputBytes = outputBytes
    self.iterations = iterations
  }
}
