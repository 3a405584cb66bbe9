import Arguments
import Testing

/// A tool that has one of everything.
let tool = CommandTable(
  name: "tool",
  summary: "Does things.",
  discussion: "First paragraph\nin two lines.\n\nSecond - with a dash.",
  options: [
    Option("directory", letter: "C", value: .text("DIR", completion: .folders), "Where to work"),
    Option("format", value: .choice("FORMAT", ["text", "json"]), "How to write"),
    Option("quiet", letter: "q", "Say nothing"),
  ],
  commands: [
    Command(
      "run",
      "Run something",
      discussion: ".It begins with a dot and has many words, so that it must be wrapped somewhere.",
      arguments: [Argument("NAME", "What to run", count: .any, completion: .output("echo a b"))],
      options: [
        limit, tag,
        Option("a-very-long-option-name-it-is", value: .text("VALUE"), "Does not fit its column"),
      ],
      examples: [Example("tool run --limit 5 it's", "runs 'it's' five times")]
    ),
    Command("copy", "Copy a file", arguments: [Argument("FROM", "From"), Argument("TO", "To")]),
    Command("open", "Open a file", arguments: [Argument("FILE", "File", count: .optional)]),
    Command("state info", "Show the state"),
    Command("state backup", "Copy the state"),
  ],
  exitCodes: [ExitCodeDescription(0, "done"), ExitCodeDescription(64, "wrong usage")]
)
private let limit = Option("limit", letter: "n", value: .integer("N", 1...100), "At most so many")
private let tag = Option("tag", value: .text("TAG"), isRepeatable: true, "With this tag")

@Suite struct ParserTests {
  private func parse(_ line: String) throws -> ParsedCommand {
    guard case .run(let parsed) = try tool.parse(words(line)) else {
      throw UsageError("help")
    }
    return parsed
  }

  private func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  private var directory: Option { tool.options[0] }
  private var quiet: Option { tool.options[2] }

  @Test(arguments: [
    "-C d run a b", "run -C d a b", "run a b -C d", "run a -Cd b", "run a --directory=d b",
    "--directory d run a b", "-qCd run a b", "run -- a b -C d",
  ]) func `options of every command stand anywhere`(_ line: String) throws {
    let parsed = try parse(line)
    #expect(parsed.command.name == "run")
    if line.contains("--") && line.hasSuffix("-C d") {
      #expect(parsed.arguments == ["a", "b", "-C", "d"])
    } else {
      #expect(parsed.arguments == ["a", "b"])
      #expect(parsed.value(of: directory) == "d")
    }
    #expect(parsed.has(quiet) == line.contains("q"))
  }

  @Test func `repeatable options keep all values in order`() throws {
    let parsed = try parse("run --tag a --limit 7 --tag=b")
    #expect(parsed.values(of: tag) == ["a", "b"])
    #expect(parsed.value(of: limit) == "7")
    #expect(!parsed.has(quiet))
  }

  @Test func `a command of two words is found, also with an option between them`() throws {
    #expect(try parse("state info").command.name == "state info")
    #expect(try parse("state -q backup").command.name == "state backup")
  }

  @Test func `a dash alone and negative numbers are arguments and values`() throws {
    #expect(try parse("copy - x").arguments == ["-", "x"])
    #expect(throws: UsageError.self) { try parse("run --limit -5") }
  }

  @Test(
    arguments: [
      ("run --help", "run"), ("--help", nil), ("state info -h", "state info"),
      ("copy -h", "copy"), ("-h -h", nil),
    ] as [(String, String?)]
  )
  func `help is asked for anywhere`(_ line: String, _ command: String?) throws {
    guard case .help(let found) = try tool.parse(words(line)) else {
      Issue.record("no help")
      return
    }
    #expect(found?.name == command)
  }

  @Test(arguments: [
    ("rnu", "unknown command 'rnu'; did you mean 'run'?"),
    ("copi a b", "unknown command 'copi'; did you mean 'copy'?"),
    ("state", "'state' is half a command"),
    ("state inf", "unknown command 'state inf'; did you mean 'state info'?"),
    ("copy a", "TO is missing"),
    ("copy a b c", "'c' is one argument too many"),
    ("open a b", "'b' is one argument too many"),
    ("run --limt 5", "unknown option --limt of 'run'; did you mean '--limit'?"),
    ("run -x", "unknown option -x of 'run'"),
    ("copy --limit 5 a b", "unknown option --limit of 'copy'"),
    ("--limit 5 run", "--limit stands before the command"),
    ("run --limit", "--limit needs a value: a whole number from 1 to 100"),
    ("run --limit --tag a", "--limit needs a value: a whole number from 1 to 100"),
    ("run --limit x", "--limit needs a whole number from 1 to 100, not 'x'"),
    ("run --limit 101", "--limit needs a whole number from 1 to 100, not '101'"),
    ("run --limit 5 --limit 6", "--limit is given twice"),
    ("run --quiet=yes", "--quiet takes no value"),
    ("run --format jsno", "--format needs one of text, json, not 'jsno'; did you mean 'json'?"),
    ("run --tag=", "--tag needs a text that is not empty, not ''"),
    ("run --=x", "unknown option -- of 'run'"),
  ]) func `a mistake is named`(_ line: String, _ message: String) {
    #expect {
      try tool.parse(words(line))
    } throws: { error in
      (error as? UsageError)?.message == message
    }
  }

  @Test func `hints say what to type`() {
    func hint(_ line: String) -> String? {
      do {
        _ = try tool.parse(words(line))
        return nil
      } catch {
        return error.hint
      }
    }
    #expect(hint("copy a") == "usage: tool copy FROM TO")
    #expect(hint("state") == "write 'state info' or 'state backup'")
    #expect(hint("copy --limit 5 a b") == "it is an option of 'run'")
  }
}
