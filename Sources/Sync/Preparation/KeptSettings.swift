internal import Reports
internal import Rows
internal import Settings
internal import State
internal import Text
internal import Values

/// What the messages of a backfill are made with, as the state keeps it of each time that they were
/// sent: all that decides their bytes, and no secret.
///
/// Of a text in which a variable's value or a secret stands only a hash is kept. If today's settings
/// have a text with that hash, it is that text; otherwise nobody knows what stood there.
struct KeptSettings {
  private let sync: String
  private let model: String
  private let primaryKey: [String]
  private let message: MessageSettings
  private let partials: [String: String]
  private let privateValues: [String]

  /// The settings of today.
  init(_ sync: SyncSettings, _ model: ModelSettings) {
    self.sync = sync.name
    self.model = model.name
    primaryKey = model.primaryKey.map(\.value)
    message = sync.added
    partials = sync.templates.partials
    privateValues = sync.privateValues.map(\.exposed)
  }

  /// As a state with this `secret` keeps it: equal for settings that say the same.
  func json(secret: UInt64) -> String {
    let kept = value.mapTexts { isPrivate($0) ? Self.mark + Self.hash($0, secret) : $0 }
    return (kept ?? .null).jsonText
  }

  private var value: Value {
    let partials = partials.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    return Value.object(
      Object([
        ("sync", .string(sync)), ("model", .string(model)),
        ("primary_key", .array(primaryKey.map(Value.string))),
        ("message", Value(message)), ("partials", .object(Object(partials))),
      ])
    )
  }

  private func isPrivate(_ text: String) -> Bool {
    text.hasPrefix(Self.mark) || KnownSecrets.current.hidden(in: text) != text
      || privateValues.contains { text.contains($0) }
  }

  /// A control character, which no text of a configuration begins with by accident.
  private static let mark = "\u{1}"

  /// Half of a hash: enough to tell texts apart, and too little to find a text by trying.
  private static func hash(_ text: String, _ secret: UInt64) -> String {
    var text = text
    let hash = text.withUTF8 { Hashing.hash128(UnsafeRawBufferPointer($0), seed: secret) }
    return String(Hexadecimal.text(hash.low).prefix(12))
  }

  /// Reads what ``json(secret:)`` wrote, with the texts of `today` in place of their hashes.
  ///
  /// Nil if it is something else, or holds the hash of another text.
  init?(json: String, secret: UInt64, today: KeptSettings) {
    var texts: [String: String] = [:]
    _ = today.value.mapTexts { text in
      texts[Self.mark + Self.hash(text, secret)] = text
      return text
    }
    let kept = Value(json: json).mapTexts { text in
      text.hasPrefix(Self.mark) ? texts[text] : text
    }
    guard case .object(let root) = kept,
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
    privateValues = today.privateValues
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

extension StateFile {
  /// Notes that messages are made with the settings of `sync` and `model` from now on, and returns
  /// their number.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  @discardableResult
  func use(_ sync: SyncSettings, _ model: ModelSettings) throws(StateError) -> Int {
    let secret = try identity().secret
    return try use(messageSettings: KeptSettings(sync, model).json(secret: secret))
  }
}
