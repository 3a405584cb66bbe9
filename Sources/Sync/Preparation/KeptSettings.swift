internal import Reports
internal import Settings
internal import Values

/// What the messages of a backfill are made with, as the state keeps it of each time that they were
/// sent: all that decides their bytes, and no secret.
struct KeptSettings {
  private let sync: String
  private let model: String
  private let primaryKey: [String]
  private let message: MessageSettings
  private let partials: [String: String]

  /// The settings of today.
  init(_ sync: SyncSettings, _ model: ModelSettings) {
    self.sync = sync.name
    self.model = model.name
    primaryKey = model.primaryKey.map(\.value)
    message = sync.added
    partials = sync.templates.partials
  }

  /// As the state keeps it: equal for settings that say the same.
  var json: String {
    let partials = partials.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    return Value.object(
      Object([
        ("sync", .string(sync)), ("model", .string(model)),
        ("primary_key", .array(primaryKey.map(Value.string))),
        ("message", Value(message)), ("partials", .object(Object(partials))),
      ])
    ).withoutSecrets.jsonText
  }

  /// Reads what ``json`` wrote; nil if it is something else.
  init?(json: String) {
    guard case .object(let root) = Value(json: json),
      let sync = root.text("sync"), let model = root.text("model"),
      let message = root["message"].flatMap(MessageSettings.init(kept:)),
      let partials = root.object("partials")
    else { return nil }
    self.sync = sync
    self.model = model
    primaryKey = root.texts("primary_key")
    self.message = message
    self.partials = Dictionary(
      partials.keys.map { ($0, partials.text($0) ?? "") }
    ) { first, _ in first }
  }

  /// `sync` and `model` with these settings in place of theirs, for the messages of a backfill.
  func version(of sync: SyncSettings, _ model: ModelSettings) -> SettingsComparison.Version {
    var (sync, model) = (sync, model)
    sync.name = self.sync
    sync.added = message
    sync.templates.partials = partials
    model.name = self.model
    model.primaryKey = primaryKey.map { Located($0) }
    return SettingsComparison.Version(sync: sync, model: model)
  }
}
