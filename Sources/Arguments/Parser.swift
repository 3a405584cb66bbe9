import Spelling

/// Options as somebody typed them.
public protocol TypedOptions {
  /// The values of each option by its name; a switch holds empty texts.
  var options: [String: [String]] { get }
}

extension TypedOptions {
  /// Whether an option was given.
  public func has(_ option: Option) -> Bool { options[option.name] != nil }

  /// The value of an option, nil if it was not given.
  public func value(of option: Option) -> String? { options[option.name]?.last }

  /// All values of a repeatable option, in order.
  public func values(of option: Option) -> [String] { options[option.name] ?? [] }
}

/// What can be told of words that may not be understood as a whole.
public struct CommandGlance: TypedOptions, Sendable {
  /// The command, nil if none was recognised.
  public let command: Command?
  /// The options that were understood.
  public let options: [String: [String]]
}

/// What somebody typed, checked against a command table.
public struct ParsedCommand: TypedOptions, Sendable {
  /// The command.
  public let command: Command
  /// What was given by position.
  public let arguments: [String]
  /// What was given by name; a switch holds empty texts.
  public let options: [String: [String]]

  init(command: Command, arguments: [String], options: [String: [String]]) {
    self.command = command
    self.arguments = arguments
    self.options = options
  }
}

/// What is to be done.
public enum Invocation: Sendable {
  /// Run a command.
  case run(ParsedCommand)
  /// Show the help of a command, or with nil of the tool.
  case help(Command?)
  /// Show the tool's version.
  case version
}

/// A command line that cannot be understood.
public struct UsageError: Error, Sendable, Hashable {
  /// What is wrong, in one sentence.
  public let message: String
  /// What to type, nil when the message says it.
  public let hint: String?

  /// Names a mistake.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

extension CommandTable {
  /// Understands the words after the executable's name.
  ///
  /// The table's own options may stand before the command, between its words and after it; `--`
  /// ends options. Nothing typed at all is a request for help.
  /// Throws a ``UsageError`` that names the word and the nearest one that is known.
  public func parse(_ words: [String]) throws(UsageError) -> Invocation {
    var parser = Parser(table: self, words: words)
    return try parser.parse()
  }

  /// Takes from words that may be wrong what is right in them, as far as it can be told.
  public func glance(at words: [String]) -> CommandGlance {
    var parser = Parser(table: self, words: words)
    return parser.glance()
  }
}

private struct Parser {
  let table: CommandTable
  let words: [String]
  private var index = 0
  private var isOptionPossible = true
  private var options: [String: [String]] = [:]
  /// Words of a command's name so far, and those that follow the name.
  private var name: [String] = []
  private var arguments: [String] = []
  private var command: Command?

  init(table: CommandTable, words: [String]) {
    self.table = table
    self.words = words
  }

  mutating func parse() throws(UsageError) -> Invocation {
    while index < words.count { try step() }
    return try finish()
  }

  mutating func glance() -> CommandGlance {
    while index < words.count {
      // A word that is wrong says nothing of the others.
      do throws(UsageError) { try step() } catch { continue }
    }
    return CommandGlance(command: command, options: options)
  }

  private mutating func step() throws(UsageError) {
    let word = words[index]
    index += 1
    if isOptionPossible, word == "--" {
      isOptionPossible = false
    } else if isOptionPossible, word.hasPrefix("--") {
      try long(word.dropFirst(2))
    } else if isOptionPossible, word.hasPrefix("-"), word != "-" {
      try short(word.dropFirst())
    } else {
      try positional(word)
    }
  }

  // MARK: - Words

  private mutating func positional(_ word: String) throws(UsageError) {
    if let known = command {
      if let longer = longer(than: known, by: word) {
        command = longer
      } else {
        arguments.append(word)
      }
      return
    }
    name.append(word)
    let candidates = table.commands.filter { $0.words.starts(with: name) }
    command = candidates.first { $0.words == name }
    guard candidates.isEmpty else { return }
    let typed = name.joined(separator: " ")
    if let advice = table.otherWords[typed] {
      throw UsageError("unknown command '\(typed)'", hint: advice)
    }
    let known = table.commands.filter { $0.words.starts(with: name.dropLast()) }.map(\.name)
    throw UsageError(
      "unknown command '\(typed)'" + Self.question(typed, known),
      hint: "'\(table.name) help' lists the commands"
    )
  }

  /// The command whose name is that of `known` and `word`; nil if there is none.
  ///
  /// After an argument, an option that it does not have, or `--`, a word is an argument.
  private func longer(than known: Command, by word: String) -> Command? {
    guard arguments.isEmpty, isOptionPossible else { return nil }
    let longer = table.commands.first { $0.words == known.words + [word] }
    let names = Set((table.options + [.help] + (longer?.options ?? [])).map(\.name))
    return options.keys.allSatisfy(names.contains) ? longer : nil
  }

  private mutating func finish() throws(UsageError) -> Invocation {
    if options[Option.help.name] != nil { return .help(command) }
    if command == nil, name.isEmpty, options[Option.version.name] != nil { return .version }
    if words.isEmpty { return .help(nil) }
    guard let command else { throw missingCommand() }
    let needed = command.arguments.filter { $0.count == .one }
    if arguments.count < needed.count {
      let missing = needed[arguments.count]
      throw UsageError("\(missing.placeholder) is missing", hint: usageHint(command))
    }
    let takesAny = command.arguments.contains { $0.count == .any }
    if !takesAny, arguments.count > command.arguments.count {
      let extra = arguments[command.arguments.count]
      throw UsageError("'\(extra)' is one argument too many", hint: usageHint(command))
    }
    return .run(ParsedCommand(command: command, arguments: arguments, options: options))
  }

  private func missingCommand() -> UsageError {
    guard !name.isEmpty else {
      return UsageError("a command is missing", hint: "'\(table.name) help' lists the commands")
    }
    let typed = name.joined(separator: " ")
    let next = table.commands.filter { $0.words.starts(with: name) }.map { "'\($0.name)'" }
    return UsageError(
      "'\(typed)' is half a command",
      hint: "write \(next.joined(separator: " or "))"
    )
  }

  private func usageHint(_ command: Command) -> String {
    "usage: \(table.usage(of: command))"
  }

  // MARK: - Options

  private var known: [Option] {
    (command?.options ?? [.version]) + table.options + [.help]
  }

  private mutating func long(_ text: Substring) throws(UsageError) {
    let name = String(text.prefix { $0 != "=" })
    let attached = text.contains("=") ? String(text.dropFirst(name.count + 1)) : nil
    guard let option = known.first(where: { $0.name == name }) else { throw unknown("--\(name)") }
    if option.value == nil, attached != nil {
      throw UsageError("\(option.typed) takes no value")
    }
    try take(option, attached)
  }

  private mutating func short(_ text: Substring) throws(UsageError) {
    var rest = text
    while let letter = rest.popFirst() {
      guard let option = known.first(where: { $0.letter == letter }) else {
        throw unknown("-\(letter)")
      }
      if option.value != nil, !rest.isEmpty { return try take(option, String(rest)) }
      try take(option, nil)
    }
  }

  private mutating func take(_ option: Option, _ attached: String?) throws(UsageError) {
    let isAsking = [Option.help.name, Option.version.name].contains(option.name)
    if options[option.name] != nil, !option.isRepeatable, !isAsking {
      throw UsageError("\(option.typed) is given twice")
    }
    guard let expected = option.value else {
      options[option.name, default: []].append("")
      return
    }
    guard let value = attached ?? next() else {
      throw UsageError("\(option.typed) needs a value: \(expected.expectation)")
    }
    guard expected.isValid(value) else {
      throw UsageError(
        "\(option.typed) needs \(expected.choices.isEmpty ? "" : "one of ")\(expected.expectation),"
          + " not '\(value)'" + Self.question(value, expected.choices)
      )
    }
    options[option.name, default: []].append(value)
  }

  /// The next word as a value; one that looks like an option is none.
  private mutating func next() -> String? {
    guard index < words.count else { return nil }
    let word = words[index]
    if word.hasPrefix("--"), word != "--" { return nil }
    index += 1
    return word
  }

  private func unknown(_ typed: String) -> UsageError {
    let names = known.map(\.typed)
    let subject = command.map { " of '\($0.name)'" } ?? ""
    if command == nil, table.commands.contains(where: { has($0, typed) }) {
      return UsageError("\(typed) stands before the command", hint: "write the command first")
    }
    if let advice = table.otherWords[typed] {
      return UsageError("unknown option \(typed)\(subject)", hint: advice)
    }
    let others = table.commands.filter { has($0, typed) }.map { "'\($0.name)'" }
    let hint = others.isEmpty ? nil : "it is an option of \(others.joined(separator: ", "))"
    return UsageError("unknown option \(typed)\(subject)" + Self.question(typed, names), hint: hint)
  }

  private func has(_ command: Command, _ typed: String) -> Bool {
    command.options.contains { $0.typed == typed || $0.letter.map { "-\($0)" } == typed }
  }

  private static func question(_ typed: String, _ candidates: [String]) -> String {
    Spelling.question(Spelling.nearest(to: typed, among: candidates))
  }
}
