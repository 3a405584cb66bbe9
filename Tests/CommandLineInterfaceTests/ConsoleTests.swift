@testable import CommandLineInterface
import Reports
import Settings
import Synchronization
import Testing
import Values

@Suite struct ConsoleTests {
  private func console(
    _ errors: MemorySink,
    output: MemorySink = MemorySink(),
    clock: TestClock = TestClock(step: 0),
    _ change: (inout Console.Options) -> Void = { _ in }
  ) -> Console {
    var options = Console.Options()
    change(&options)
    return Console(options: options, output: output, errors: errors, now: { clock.next() })
  }

  private let event = LogEvent(
    .info,
    name: "run-finished",
    sync: "customers",
    message: "done",
    fields: [("added", .integer(3)), ("topic", .string("a b")), ("took", .float(1.5))]
  )

  @Test func `a log line has its time and fields`() {
    let errors = MemorySink()
    console(errors).log(event)
    #expect(
      errors.text
        == "2026-01-31T09:00:00.123Z info customers: done added=3 topic=\"a b\" took=1.5\n"
    )
  }

  @Test func `a log line in JSON has them as members`() {
    let errors = MemorySink()
    console(errors) { $0.log = .json }.log(event)
    #expect(
      errors.text == """
        {"time":"2026-01-31T09:00:00.123Z","level":"info","event":"run-finished",\
        "sync":"customers","message":"done","added":3,"topic":"a b","took":1.5}

        """
    )
  }

  @Test func `an error in JSON has its place and hint as members, null if there is none`() {
    let errors = MemorySink()
    let console = console(errors) { $0.log = .json }
    let place = SourceLocation(file: "syncs/s.yml", line: 2, column: 3)
    console.report(RunError(.failed, "it failed", kind: .failedQuery, at: place), of: "s")
    console.report(CommandFailure(.usage, "unknown option", hint: "look"))
    #expect(
      errors.text == """
        {"time":"2026-01-31T09:00:00.123Z","level":"error","event":"error","sync":"s",\
        "message":"it failed","code":"SL0204","hint":null,"file":"syncs/s.yml","line":2,"column":3}
        {"time":"2026-01-31T09:00:00.123Z","level":"error","event":"error","sync":null,\
        "message":"unknown option","code":"SL0001","hint":"look","file":null,"line":null,"column":null,\
        "exit_code":64}

        """
    )
  }

  @Test func `a secret in what a command reports does not reach the document`() {
    let (output, errors) = (MemorySink(), MemorySink())
    let console = console(errors, output: output) { $0.output = .json }
    console.hide([Secret("hunter2-long")])
    console.result("no text beside a document")
    console.fail(CommandFailure(.failed, "login of hunter2-long failed", hint: "not hunter2-long"))
    console.writeDocument(VersionReport())
    #expect(
      output.text == """
        {"schema":2,"version":null,"commit":null,"libraries":[],\
        "error":{"code":"SL0902","message":"login of *** failed","hint":"not ***","file":null,\
        "line":null,"column":null,"others":[]},"diagnostics":[]}

        """
    )
  }

  @Test func `on a terminal a person reads only the message`() {
    let errors = MemorySink(isTerminal: true)
    console(errors).log(event)
    #expect(errors.text == "customers: done\n")
  }

  @Test func `levels and quiet leave out what is less important`() {
    let errors = MemorySink()
    let quiet = console(errors) { $0.isQuiet = true }
    quiet.log(event)
    quiet.summary("all is well")
    #expect(errors.text.isEmpty)
    quiet.log(LogEvent(.warning, name: "w", message: "look"))
    #expect(errors.text.hasSuffix("warning look\n"))
    let strict = MemorySink()
    console(strict) { $0.level = .error }.log(LogEvent(.warning, name: "w", message: "look"))
    #expect(strict.text.isEmpty)
    let talkative = MemorySink()
    console(talkative) { $0.level = .debug }.log(LogEvent(.debug, name: "d", message: "detail"))
    #expect(talkative.text.hasSuffix("debug detail\n"))
  }

  @Test func `colour is for terminals and for those who want it`() {
    let (coloured, plain) = (MemorySink(isTerminal: true), MemorySink(isTerminal: true))
    console(coloured).report(error: "it failed", kind: nil, hint: "try again")
    #expect(coloured.text == "\u{1B}[1;31merror: \u{1B}[0mit failed\n  hint: try again\n")
    console(plain) { $0.wantsColour = false }.report(error: "it failed", kind: nil)
    #expect(plain.text == "error: it failed\n")
  }

  @Test func `an error line has its time as every log line has, except on a terminal`() {
    let errors = MemorySink()
    let console = console(errors)
    console.report(error: "it failed", kind: nil, hint: "try again")
    console.report(CommandFailure(.failed, "so did this"))
    #expect(
      errors.text == """
        2026-01-31T09:00:00.123Z error it failed
          hint: try again
        2026-01-31T09:00:00.123Z error so did this [SL0902]

        """
    )
  }

  @Test func `secrets are hidden in texts and in fields`() {
    let errors = MemorySink()
    let console = console(errors)
    console.hide(["hunter2", "hunter2-long", "abc", "x\"yz"].map(Secret.init))
    console.report(error: "login of hunter2-long and hunter2 failed", kind: nil, hint: "not abc")
    #expect(errors.text.hasSuffix("Z error login of *** and *** failed\n  hint: not abc\n"))
    let json = MemorySink()
    let second = self.console(json) { $0.log = .json }
    second.hide([Secret("x\"yz")])
    second.log(LogEvent(.info, name: "e", message: "a x\"yz b", fields: [("f", .string("x\"yz"))]))
    #expect(json.text.contains(#""message":"a *** b","f":"***"}"#))
  }

  @Test func `control characters of a message do not reach the terminal`() {
    let errors = MemorySink()
    console(errors).log(LogEvent(.info, name: "e", message: "a\u{1B}[2Jb\nc"))
    #expect(errors.text.hasSuffix("info a\u{FFFD}[2Jb c\n"))
  }

  @Test func `on a narrow terminal lines are broken between words, and not inside of a command`() {
    let errors = MemorySink(isTerminal: true, width: 40)
    console(errors) { $0.wantsColour = false }.report(
      error: "the state of the sync is of a newer Sluice than this one",
      kind: nil,
      of: "customers",
      hint:
        "type `sluice run customers --wait 5min` and look again at anything_that_is_longer_than_a_line"
    )
    #expect(
      errors.text == """
        error: customers: the state of the sync
          is of a newer Sluice than this one
          hint: type
            `sluice run customers --wait 5min`
            and look again at
            anything_that_is_longer_than_a_line

        """
    )
    let pipe = MemorySink(width: 40)
    console(pipe).report(error: String(repeating: "word ", count: 20), kind: nil)
    #expect(pipe.text.split(separator: "\n").count == 1)
  }

  @Test func `progress is one live line that makes room for others`() {
    let errors = MemorySink(isTerminal: true, width: 20)
    let console = console(errors, clock: TestClock(step: 100))
    console.progress("customers: 10 rows read so far")
    console.log(LogEvent(.info, name: "e", message: "done"))
    console.endProgress()
    #expect(errors.text == "\r\u{1B}[Kcustomers: 10 rows…\r\u{1B}[Kdone\n")
  }

  @Test func `progress is drawn at most ten times a second, and only where somebody watches`() {
    let errors = MemorySink(isTerminal: true)
    let console = console(errors)
    console.progress("a")
    console.progress("b")
    #expect(errors.text == "\r\u{1B}[Ka")
    let pipe = MemorySink()
    self.console(pipe).progress("a")
    #expect(pipe.text.isEmpty)
  }

  @Test func `a table aligns wide characters and numbers, and fits the terminal`() {
    var table = Table([
      Table.Column("NAME"), Table.Column("ROWS", isNumeric: true),
      Table.Column("REASON", isFlexible: true),
    ])
    table.append(["日本", "5", "a long reason that does not fit"])
    table.append(["e\u{301}te", "1234", "short\nwith a break"])
    table.append(["missing"])
    #expect(
      table.lines() == [
        "NAME     ROWS  REASON", "日本        5  a long reason that does not fit",
        "e\u{301}te      1234  short with a break", "missing",
      ]
    )
    #expect(
      table.lines(width: 30) == [
        "NAME     ROWS  REASON", "日本        5  a long reason …",
        "e\u{301}te      1234  short with a b…", "missing",
      ]
    )
    #expect(table.lines(width: 1).allSatisfy { !$0.isEmpty })
  }

  @Test(arguments: [
    (Duration.milliseconds(0), "0.0 s"), (.milliseconds(840), "0.8 s"), (.seconds(9), "9.0 s"),
    (.seconds(12), "12 s"), (.seconds(200), "3 min 20 s"), (.seconds(7500), "2 h 5 min"),
  ]) func `durations are spoken`(_ duration: Duration, _ text: String) {
    #expect(duration.spoken == text)
  }
}

/// A clock that moves by a step each time somebody looks at it.
final class TestClock: Sendable {
  private let step: Int64
  // 2026-01-31T09:00:00.123Z
  private let time = Mutex<Int64>(1_769_850_000_123)

  init(step: Int64) {
    self.step = step
  }

  func next() -> Int64 {
    time.withLock { time in
      defer { time += step }
      return time
    }
  }
}
