/// Something a command takes by name.
public struct Option: Sendable {
  /// The value that follows an option.
  public struct Value: Sendable {
    /// How it is called in help, in capitals.
    public let placeholder: String
    /// What is expected, as in `a whole number from 1`.
    public let expectation: String
    /// What a shell offers for it.
    public let completion: Completion
    /// The texts that are allowed, for suggestions; empty when others are as well.
    public let choices: [String]
    /// Whether a text is a value.
    public let isValid: @Sendable (String) -> Bool

    /// Any text but an empty one.
    public static func text(_ placeholder: String, completion: Completion = .nothing) -> Value {
      Value(
        placeholder: placeholder,
        expectation: "a text that is not empty",
        completion: completion,
        choices: [],
        isValid: { !$0.isEmpty }
      )
    }

    /// One of a few words.
    public static func choice(_ placeholder: String, _ choices: [String]) -> Value {
      Value(
        placeholder: placeholder,
        expectation: choices.joined(separator: ", "),
        completion: .words(choices),
        choices: choices,
        isValid: choices.contains
      )
    }

    /// A whole number of a range.
    public static func integer(_ placeholder: String, _ range: ClosedRange<Int>) -> Value {
      checked(
        placeholder,
        range.upperBound == .max
          ? "a whole number from \(range.lowerBound)"
          : "a whole number from \(range.lowerBound) to \(range.upperBound)"
      ) { Int($0).map(range.contains) ?? false }
    }

    /// A text that `isValid` accepts; `expectation` says which.
    public static func checked(
      _ placeholder: String,
      _ expectation: String,
      isValid: @escaping @Sendable (String) -> Bool
    ) -> Value {
      Value(
        placeholder: placeholder,
        expectation: expectation,
        completion: .nothing,
        choices: [],
        isValid: isValid
      )
    }
  }

  /// Its name without dashes.
  public let name: String
  /// The one letter that stands for it, nil for none.
  public let letter: Character?
  /// What follows it, nil for a switch.
  public let value: Value?
  /// Whether it may be given several times.
  public let isRepeatable: Bool
  /// What it does, in one line.
  public let summary: String

  /// Describes an option.
  public init(
    _ name: String,
    letter: Character? = nil,
    value: Value? = nil,
    isRepeatable: Bool = false,
    _ summary: String
  ) {
    self.name = name
    self.letter = letter
    self.value = value
    self.isRepeatable = isRepeatable
    self.summary = summary
  }

  /// How it is typed in full.
  var typed: String { "--\(name)" }

  /// How help shows it: `-C, --project DIR`.
  var usage: String {
    let short = letter.map { "-\($0), " } ?? "    "
    return short + typed + (value.map { " \($0.placeholder)" } ?? "")
  }
}

extension Option {
  /// Shows help; every command has it.
  static let help = Option("help", letter: "h", "Show this help")
  /// Shows the tool's version; it may be typed like an option, as other tools have it.
  static let version = Option("version", letter: "V", "Show the version")
}
