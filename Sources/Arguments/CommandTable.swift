/// A tool's whole command line as one value.
///
/// Parsing, usage errors, help, completions and manual pages are all made from it.
public struct CommandTable: Sendable {
  /// Name of the executable.
  public let name: String
  /// What the tool does, in one sentence.
  public let summary: String
  /// What the manual page says besides, in paragraphs.
  public let discussion: String
  /// Options that every command has; they may also stand before it.
  public let options: [Option]
  /// The commands.
  public let commands: [Command]
  /// What exit codes mean.
  public let exitCodes: [ExitCodeDescription]
  /// Words that people know from other tools, commands and options with their dashes, and what to
  /// type here in place of them.
  public let otherWords: [String: String]

  /// Joins commands into a tool.
  public init(
    name: String,
    summary: String,
    discussion: String = "",
    options: [Option],
    commands: [Command],
    exitCodes: [ExitCodeDescription] = [],
    otherWords: [String: String] = [:]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.options = options
    self.commands = commands
    self.exitCodes = exitCodes
    self.otherWords = otherWords
  }

  /// The options that every command has, without those that `command` describes itself.
  func sharedOptions(beside command: Command) -> [Option] {
    let own = Set(command.options.map(\.name))
    return (options + [.help]).filter { !own.contains($0.name) }
  }
}

/// A number with which the tool ends, and its meaning.
public struct ExitCodeDescription: Sendable {
  /// The number.
  public let code: Int32
  /// The meaning, in a few words.
  public let meaning: String

  /// Gives a number its meaning.
  public init(_ code: Int32, _ meaning: String) {
    self.code = code
    self.meaning = meaning
  }
}

/// One command: what it takes, and what people read about it.
public struct Command: Sendable {
  /// Its words, as in `state info`.
  public let name: String
  /// What it does, in one line without a full stop.
  public let summary: String
  /// More about it, in paragraphs separated by an empty line.
  public let discussion: String
  /// What it takes besides options, in order.
  public let arguments: [Argument]
  /// Its own options.
  public let options: [Option]
  /// How it is used.
  public let examples: [Example]

  /// Describes a command.
  public init(
    _ name: String,
    _ summary: String,
    discussion: String = "",
    arguments: [Argument] = [],
    options: [Option] = [],
    examples: [Example] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
  }

  /// Its name word by word.
  var words: [String] { name.split(separator: " ").map(String.init) }
}

/// A call of a command, and what it does.
public struct Example: Sendable {
  /// The call, as it is typed.
  public let call: String
  /// What it does.
  public let meaning: String

  /// Explains a call.
  public init(_ call: String, _ meaning: String) {
    self.call = call
    self.meaning = meaning
  }
}

/// Something a command takes by position.
public struct Argument: Sendable {
  /// How often it is given.
  public enum Count: Sendable {
    /// Exactly once.
    case one
    /// At most once.
    case optional
    /// Any number of times; only the last argument can be so.
    case any
  }

  /// How it is called in help, in capitals.
  public let placeholder: String
  /// What it is, in one line.
  public let summary: String
  /// How often it is given.
  public let count: Count
  /// What a shell offers for it.
  public let completion: Completion

  /// Describes an argument.
  public init(
    _ placeholder: String,
    _ summary: String,
    count: Count = .one,
    completion: Completion = .nothing
  ) {
    self.placeholder = placeholder
    self.summary = summary
    self.count = count
    self.completion = completion
  }

  /// How a usage line shows it.
  var usage: String {
    switch count {
    case .one: placeholder
    case .optional: "[\(placeholder)]"
    case .any: "[\(placeholder)…]"
    }
  }
}

/// What a shell offers where a value is typed.
public enum Completion: Sendable {
  /// Nothing.
  case nothing
  /// These words.
  case words([String])
  /// Files.
  case files
  /// Folders.
  case folders
  /// The lines that a POSIX shell command prints.
  case output(String)
}
