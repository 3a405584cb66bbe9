import Settings
import Spelling

/// Reads `properties:`, librdkafka's settings by their own names.
struct KafkaProperties {
  let check: Configuration.KafkaSettingCheck?

  func read(_ node: YAMLNode) -> [(name: String, value: Secret)] {
    var result: [(name: String, value: Secret)] = []
    for entry in node.entries("librdkafka's settings") ?? [] {
      if let reason = OwnedProperty.reason(against: entry.key) {
        entry.error("\(entry.key.quoted) cannot be set here: \(reason)")
      } else if !Self.isName(entry.key) {
        entry.error("\(entry.key.quoted) is not the name of a librdkafka setting")
      } else if let text = entry.value.text("a value for \(entry.key)"), isTaken(entry, text) {
        result.append((entry.key, Secret(text)))
      }
    }
    return result
  }

  /// Whether librdkafka takes a setting, as far as anybody can tell; reports it.
  private func isTaken(_ entry: YAMLEntry, _ text: String) -> Bool {
    switch check?.problem(entry.key, text) {
    case nil: return true
    case .value(let reason):
      let value = entry.value.isSecret ? "this value" : entry.value.described
      let message = "librdkafka does not take \(value) for \(entry.key.quoted)"
      entry.value.error(message, hint: entry.value.isSecret ? nil : "it says: \(reason)")
    case .unknown(let known):
      let allowed = known.filter { OwnedProperty.reason(against: $0) == nil }
      let suggestion = Spelling.nearest(to: entry.key, among: allowed)
      let question = Spelling.question(suggestion)
      entry.error("librdkafka has no setting \(entry.key.quoted)\(question)")
    }
    return false
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 46 || byte == 95
      }
  }
}
