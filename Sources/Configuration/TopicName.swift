/// Kafka's rules for the names of topics (`org.apache.kafka.common.internals.Topic`).
enum TopicName {
  /// What is wrong with a name, nil when nothing is.
  static func problem(_ name: String) -> String? {
    if name.isEmpty { return "a topic's name must not be empty" }
    if name == "." || name == ".." { return "a topic cannot be named \(name.quoted)" }
    if name.utf8.count > 249 { return "a topic's name has at most 249 characters" }
    let illegal = name.unicodeScalars.first { scalar in
      !(scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar)))
    }
    return illegal.map { "a topic's name cannot have the character \(String($0).quoted)" }
  }

  static let rule = "letters, digits, '.', '_' and '-' are allowed"
}
