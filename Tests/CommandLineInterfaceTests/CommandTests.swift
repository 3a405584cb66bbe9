import Arguments
import CommandLineInterface
import Foundation
import TestSnapshots
import Testing

/// What a command said and how it ended.
struct Outcome {
  let code: ExitCode
  let output: String
  let errors: String

  /// All of it as one text, without the folder's own path.
  func text(without folder: String) -> String {
    """
    exit code \(code.rawValue)
    ----- standard output
    \(output)----- standard error
    \(errors)
    """.replacingOccurrences(of: folder, with: "FOLDER")
  }
}

/// A folder of its own, removed with this value.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "sluice-commands-\(UUID().uuidString)"

  init(_ files: [String: String] = [:]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(text, to: name) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    let folder = url.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func run(_ line: String, environment: [String: String] = [:]) async -> Outcome {
    await run(words: line.split(separator: " ").map(String.init), environment: environment)
  }

  /// The same, with words that may hold blanks.
  func run(words: [String], environment: [String: String] = [:]) async -> Outcome {
    let (output, errors) = (MemorySink(), MemorySink())
    let code = await CommandLineInterface.run(
      words,
      environment: environment,
      currentDirectory: path,
      output: output,
      errors: errors
    )
    return Outcome(code: code, output: output.text, errors: Self.timeless(errors.text))
  }
}

extension TemporaryFolder {
  /// Error lines without their time, which is another in every run; ``ConsoleTests`` has it.
  private static func timeless(_ text: String) -> String {
    text.replacingOccurrences(
      of: "(?m)^[0-9-]+T[0-9:.]+Z error ",
      with: "error: ",
      options: .regularExpression
    )
  }
}

@Suite struct CommandTests {
  private func check(_ text: String, _ name: String) {
    let difference = Snapshot.difference(text, from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `help shows every command and exit code`() async throws {
    let outcome = try await TemporaryFolder().run("help")
    #expect(outcome.code == .done)
    check(outcome.output, "help")
  }

  @Test(arguments: CommandLineInterface.table.commands.map(\.name))
  func `every command has help, by option and by command`(_ name: String) async throws {
    let folder = try TemporaryFolder()
    let outcome = await folder.run("help \(name)")
    #expect(outcome.code == .done)
    #expect(await folder.run("\(name) --help").output == outcome.output)
    check(outcome.output, "help-" + name.replacingOccurrences(of: " ", with: "-"))
  }

  @Test(arguments: [
    ("unknown-command", "chekc"), ("option-alone", "--quiet"),
    ("unknown-option", "check --ouput json"),
    ("bad-choice", "check --output xml"), ("missing-value", "check -C"),
    ("too-many-arguments", "check this"), ("half-known-help", "help chekc"),
    ("unknown-shell", "completions tcsh"), ("init-half", "init --table t"),
    ("no-project", "check"), ("named-project-is-none", "check -C here"),
    ("init-key-alone", "init --key id"),
  ]) func `a wrong command line is explained`(_ name: String, _ line: String) async throws {
    let folder = try TemporaryFolder()
    let outcome = await folder.run(line)
    #expect(outcome.output.isEmpty)
    check(outcome.text(without: folder.path), "usage-\(name)")
  }

  @Test(arguments: [
    ("sync", "sluice run"), ("ls", "sluice status"),
    ("diff", "sluice plan"), ("validate", "sluice check"), ("run --dry-run", "sluice plan"),
    ("run --select a", "--tag TAG"), ("run --full-refresh", "sluice backfill SYNC"),
    ("status --json", "--output json"), ("--dry-run run", "sluice plan"), ("run -v", "--log-level"),
  ]) func `words of other tools are answered with Sluice's own`(
    _ line: String,
    _ hint: String
  )
    async throws
  {
    let outcome = try await TemporaryFolder().run(line)
    #expect(outcome.code == .usage)
    #expect(outcome.errors.contains("unknown ") && outcome.errors.contains("hint: "))
    #expect(outcome.errors.contains(hint), "\(outcome.errors)")
    #expect(!outcome.errors.contains("did you mean"))
  }

  @Test func `an answer for a word of another tool names only what there is`() {
    let table = CommandLineInterface.table
    for (word, advice) in table.otherWords {
      #expect(!table.commands.contains { $0.name == word }, "\(word) is a command")
      for part in advice.components(separatedBy: "'sluice ").dropFirst() {
        let name = String(part.prefix { $0.isLetter })
        #expect(table.commands.contains { $0.name == name }, "\(word): \(advice)")
      }
    }
  }

  @Test func `nothing typed is a request for help, and --version one for the version`() async throws
  {
    let folder = try TemporaryFolder()
    let help = await folder.run("help")
    let bare = await folder.run("")
    #expect(bare.code == .done)
    #expect(bare.output == help.output)
    for line in ["--version", "-V", "--quiet --version"] {
      let outcome = await folder.run(line)
      #expect(outcome.code == .done)
      #expect(outcome.output.hasPrefix("sluice \(CommandLineInterface.version)\ncommit "))
    }
  }

  @Test func `a comma after the last broker is not a broker`() async throws {
    let folder = try TemporaryFolder()
    for (brokers, code) in [
      ("a:9092,b:9092,", 0), ("\"a:9092, b:9092 , \"", 0), ("[\"a:9092,\", b]", 0),
      ("a:9092,,b:9092", 78), ("\",\"", 78), ("a:9092,,", 78),
    ] {
      _ = await folder.run("init --quiet")
      try folder.write(
        """
        sources: {shop: {type: sqlite, path: demo/shop.db}}
        destinations:
          events: {type: kafka, brokers: \(brokers.hasPrefix("a") ? "'\(brokers)'" : brokers)}
        """,
        to: "sluice.yml"
      )
      #expect(await folder.run("check").code.rawValue == code, "\(brokers)")
    }
  }

  @Test func `init makes an example that is right`() async throws {
    let folder = try TemporaryFolder()
    let outcome = await folder.run("init demo")
    check(outcome.text(without: folder.path), "init")
    let checked = await folder.run("-C demo check")
    #expect(checked.code == .done)
    #expect(checked.output == "1 sync, 1 model, 1 source, 1 destination: no errors\n")
    #expect(checked.errors.contains("source shop: sqlite demo/shop.db"))
    #expect(!checked.errors.contains("error"))
    let database = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/demo/demo/shop.db"))
    #expect(database.starts(with: Data("SQLite format 3\0".utf8)))
  }

  @Test func `init overwrites nothing and then makes nothing`() async throws {
    let folder = try TemporaryFolder(["models/customers.sql": "mine", ".gitignore": "mine"])
    let outcome = await folder.run("init")
    check(outcome.text(without: folder.path), "init-twice")
    #expect(try folder.read("models/customers.sql") == "mine")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/sluice.yml"))
    try FileManager.default.removeItem(atPath: folder.path + "/models/customers.sql")
    #expect(await folder.run("init --quiet").output == "")
    #expect(try folder.read(".gitignore") == "mine")
  }

  @Test func `init for a database keeps its URI in a file of its owner`() async throws {
    let folder = try TemporaryFolder()
    let uri = "postgresql://u:hunter2@db.example/shop"
    let outcome = await folder.run(
      "init --source \(uri) --table public.orders --key order_id --brokers a.example:9092"
    )
    #expect(outcome.code == .done)
    #expect(!outcome.output.contains("hunter2"))
    #expect(!(try folder.read("sluice.yml").contains("hunter2")))
    #expect(try folder.read("models/orders.sql").contains("FROM public.orders"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/.env")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(await folder.run("check --quiet").errors == "")
    #expect(!(await folder.run("check").errors.contains("hunter2")))
  }

  @Test(arguments: ["../x", "", "-x", "a.b.c", "\"Orders", "\"a\"b", "..."])
  func `init refuses what cannot be the name of a table`(_ table: String) async throws {
    let folder = try TemporaryFolder()
    let (output, errors) = (MemorySink(), MemorySink())
    let code = await CommandLineInterface.run(
      ["init", "--source", "shop.db", "--table=\(table)"],
      environment: [:],
      currentDirectory: folder.path,
      output: output,
      errors: errors
    )
    #expect(code == .usage)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `check says what is wrong, as text and as JSON`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write("modle: customers\ntopic: a b\nkey: {column: id}\n", to: "syncs/customers.yml")
    let text = await folder.run("check")
    #expect(text.code == .configuration)
    check(text.text(without: folder.path), "check")
    check(await folder.run("check --output json").text(without: folder.path), "check-json")
    let log = await folder.run("check --log-format json")
    #expect(log.errors.split(separator: "\n").count == 2)
    #expect(log.errors.contains(#""line":2,"column":8"#))
  }

  @Test func `check knows the settings of librdkafka`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let project = """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations:
        events:
          type: kafka
          brokers: a.example:9092
          properties:
            compresion.type: zstd
            linger.ms: soon
            statistics.interval.ms: ${SECRET}
            socket.keepalive.enable: true
            compression.type: zstd
      """
    try folder.write(project, to: "sluice.yml")
    let outcome = await folder.run("check", environment: ["SECRET": "hunter2"])
    #expect(!outcome.errors.contains("hunter2"))
    check(outcome.text(without: folder.path), "check-librdkafka")
  }

  @Test func `check tells warnings and notes and is still content`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write("model: customers\ntopic: t\n", to: "syncs/customers.yml")
    let outcome = await folder.run("check")
    #expect(outcome.code == .done)
    #expect(outcome.errors.contains("note: no order per row"))
    #expect(await folder.run("check --quiet").errors == "")
  }

  @Test func `the project is found upward`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let output = MemorySink()
    let code = await CommandLineInterface.run(
      ["check"],
      environment: [:],
      currentDirectory: folder.path + "/models",
      output: output,
      errors: output
    )
    #expect(code == .done)
  }

  @Test func `crontab writes a line a schedule`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet it's%100")
    let none = await folder.run("crontab -C it's%100")
    #expect(none.code == .done)
    #expect(none.output.isEmpty)
    try folder.write(
      "model: customers\ntopic: t\nkey: {column: id}\nschedule: '*/5 * * * *'\n",
      to: "it's%100/syncs/customers.yml"
    )
    let some = await folder.run("crontab -C it's%100")
    let lines = some.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].hasPrefix("*/5 * * * * "))
    let call = "-C '\(folder.path)/it'\\''s\\%100' run customers --if-running skip --quiet"
    #expect(lines[2].hasSuffix(call))
    let json = await folder.run("crontab -C it's%100 --output json")
    let names = #"[{"sync":"customers","syncs":["customers"],"schedule":"*/5 * * * *","command":""#
    #expect(json.output.contains(names))
  }

  @Test func `the environment reaches the project`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let sync = "model: ${MODEL}\ntopic: t\nkey: {column: id}\n"
    try folder.write(sync, to: "syncs/customers.yml")
    #expect(await folder.run("plan").code == .configuration)
    #expect(await folder.run("plan", environment: ["MODEL": "customers"]).code == .done)
  }

  @Test func `version, completions and the manual page are written`() async throws {
    let folder = try TemporaryFolder()
    let version = CommandLineInterface.version
    let lines = await folder.run("version").output.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["sluice \(version)", "commit unknown"])
    for name in ["libpq", "SQLite", "librdkafka", "OpenSSL"] {
      #expect(
        lines.contains {
          $0.wholeMatch(of: /[A-Za-z]+ [0-9]+(\.[0-9]+)+/) != nil && $0.hasPrefix(name)
        }
      )
    }
    for line in ["version --output json", "--version --output json"] {
      let output = await folder.run(line).output
      #expect(output.hasPrefix(#"{"schema":2,"version":"\#(version)""#), "\(output)")
    }
    #expect(await folder.run("completions bash").output.contains("complete -F _sluice sluice"))
    #expect(await folder.run("help --man").output.hasPrefix(".TH SLUICE 1"))
  }

  @Test func `a result that cannot be written is a failure`() async throws {
    struct Full: TextSink {
      var isTerminal: Bool { false }
      var width: Int { 80 }
      func write(_ text: String) -> Bool { false }
    }
    let errors = MemorySink()
    let code = await CommandLineInterface.run(
      ["version"],
      environment: [:],
      currentDirectory: "/",
      output: Full(),
      errors: errors
    )
    #expect(code == .failed)
    #expect(errors.text.hasSuffix("Z error standard output cannot be written [SL0902]\n"))
  }

  @Test func `of several codes the gravest counts`() {
    #expect(ExitCode.gravest(of: []) == .done)
    #expect(ExitCode.gravest(of: [.done, .rejected]) == .rejected)
    #expect(ExitCode.gravest(of: [.rejected, .alreadyRunning]) == .alreadyRunning)
    #expect(ExitCode.gravest(of: [.alreadyRunning, .stoppedByGuard]) == .stoppedByGuard)
    #expect(ExitCode.gravest(of: [.stoppedByGuard, .configuration]) == .configuration)
    #expect(ExitCode.gravest(of: [.configuration, .failed]) == .failed)
    #expect(ExitCode.gravest(of: [.failed, .interrupted]) == .interrupted)
    #expect(ExitCode.gravest(of: [.interrupted, .terminated]) == .terminated)
    #expect(ExitCode.gravest(of: [.done, .somethingToSend]) == .somethingToSend)
  }
}
