/// Which of Sluice's own headers a message carries.
public enum SystemHeader: String, Sendable, Hashable, CaseIterable {
  /// `event-id`
  case eventID = "event-id"
  /// `change`
  case change
  /// `content-type`
  case contentType = "content-type"
  /// `topic`: the model.
  case topic
  /// `timestamp`: Unix seconds of the run's start.
  case timestamp
}

/// A header the user adds.
public struct HeaderForm: Sendable {
  /// Name, as it is sent.
  public let name: String
  /// Value.
  public let value: Located<ValueForm>

  /// Names a header.
  public init(name: String, value: Located<ValueForm>) {
    self.name = name
    self.value = value
  }
}

/// How the messages of one kind of change are made, with the trigger's overrides applied.
public struct MessageSettings: Sendable {
  /// Whether the trigger is selected: otherwise the change is absorbed without a message.
  public var isSelected: Bool
  /// Topic.
  public var topic: Located<ValueForm>
  /// Key, nil for none.
  public var key: Located<ValueForm>?
  /// Partition, nil for the key's or round-robin.
  public var partition: Located<ValueForm>?
  /// The user's headers, in the order written.
  public var headers: [HeaderForm]
  /// Sluice's own headers, without those the user replaced.
  public var systemHeaders: [SystemHeader]
  /// Body.
  public var body: BodyForm

  /// Creates the settings of one trigger.
  public init(
    isSelected: Bool,
    topic: Located<ValueForm>,
    key: Located<ValueForm>?,
    partition: Located<ValueForm>?,
    headers: [HeaderForm],
    systemHeaders: [SystemHeader],
    body: BodyForm
  ) {
    self.isSelected = isSelected
    self.topic = topic
    self.key = key
    self.partition = partition
    self.headers = headers
    self.systemHeaders = systemHeaders
    self.body = body
  }
}
