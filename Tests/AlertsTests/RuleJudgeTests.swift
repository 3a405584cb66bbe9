import Reports
import Settings
import Testing

@testable import Alerts

@Suite struct RuleJudgeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var condition: AlertRule.Condition
    var run: RunReport
    var earlier: [RunRecord] = []
    /// What it has to say: `fine`, `unknown`, or the code of a finding.
    var expected: String
    var testDescription: String { name }
  }

  private static let guardError: RunError = {
    var error = RunError(
      .stoppedByGuard,
      "max_removed: 60 of 100 rows (17, 18, …)",
      kind: .maxRemoved
    )
    error.guards = [
      GuardHit(.maxRemoved, "60 rows removed", rows: 60, bound: 50, setting: nil, examples: ["17"])
    ]
    return error
  }()

  private static func earlier(_ changes: [Int]) -> [RunRecord] {
    changes.map { Samples.record(changes: $0) }
  }

  static let cases: [Case] = [
    Case(name: "done", condition: .failed, run: Samples.run(), expected: "fine"),
    Case(
      name: "failed by its broker",
      condition: .failed,
      run: Samples.run(.failed, error: Samples.brokerDown()),
      expected: "destination events/SL0301"
    ),
    Case(
      name: "failed by itself",
      condition: .failed,
      run: Samples.run(.failed, error: RunError(.failed, "no", kind: .failedQuery)),
      expected: "sync customers/SL0204"
    ),
    Case(
      name: "misconfigured",
      condition: .failed,
      run: Samples.run(.misconfigured),
      expected: "sync customers/configuration"
    ),
    Case(
      name: "stopped by a guard is not failed",
      condition: .failed,
      run: Samples.run(.stoppedByGuard, error: guardError),
      expected: "fine"
    ),
    Case(
      name: "interrupted says nothing",
      condition: .failed,
      run: Samples.run(.interrupted),
      expected: "unknown"
    ),
    Case(
      name: "guard",
      condition: .guarded,
      run: Samples.run(.stoppedByGuard, error: guardError),
      expected: "source shop/SL0501"
    ),
    Case(
      name: "a failure says nothing of guards",
      condition: .guarded,
      run: Samples.run(.failed, error: Samples.brokerDown()),
      expected: "unknown"
    ),
    Case(name: "no guard", condition: .guarded, run: Samples.run(), expected: "fine"),
    Case(
      name: "invalid rows count",
      condition: .rejected(above: .rows(10)),
      run: Samples.run(.doneWithProblems) {
        $0.rejected = 5; $0.invalid = 6; $0.read = 100
      },
      expected: "sync customers/rejected"
    ),
    Case(
      name: "exactly the bound",
      condition: .rejected(above: .rows(11)),
      run: Samples.run(.doneWithProblems) {
        $0.rejected = 5; $0.invalid = 6; $0.read = 100
      },
      expected: "fine"
    ),
    Case(
      name: "percent",
      condition: .rejected(above: .percent(10)),
      run: Samples.run(.doneWithProblems) {
        $0.rejected = 11; $0.read = 100
      },
      expected: "sync customers/rejected"
    ),
    Case(
      name: "exactly the percentage",
      condition: .rejected(above: .percent(11)),
      run: Samples.run(.doneWithProblems) {
        $0.rejected = 11; $0.read = 100
      },
      expected: "fine"
    ),
    Case(
      name: "rejected of a run that failed",
      condition: .rejected(above: .rows(0)),
      run: Samples.run(.failed) { $0.rejected = 5 },
      expected: "unknown"
    ),
    Case(
      name: "unusual",
      condition: .unusual(factor: 5),
      run: Samples.run { $0.changed = 51 },
      earlier: earlier([10, 9, 11, 10, 10]),
      expected: "sync customers/unusual"
    ),
    Case(
      name: "five times the usual is not yet unusual",
      condition: .unusual(factor: 5),
      run: Samples.run {
        $0.changed = 25; $0.added = 25
      },
      earlier: earlier([10, 9, 11, 10, 10]),
      expected: "fine"
    ),
    Case(
      name: "too few runs to compare",
      condition: .unusual(factor: 5),
      run: Samples.run { $0.changed = 51 },
      earlier: earlier([10, 9, 11, 10]),
      expected: "unknown"
    ),
    Case(
      name: "only twenty runs count",
      condition: .unusual(factor: 5),
      run: Samples.run { $0.changed = 51 },
      earlier: earlier(Array(repeating: 10, count: 20) + Array(repeating: 1000, count: 30)),
      expected: "sync customers/unusual"
    ),
    Case(
      name: "runs that failed are no measure",
      condition: .unusual(factor: 5),
      run: Samples.run { $0.changed = 51 },
      earlier: earlier([10, 10, 10, 10])
        + [Samples.record(outcome: .failed), Samples.record(command: "backfill")],
      expected: "unknown"
    ),
    Case(
      name: "a backfill is not an ordinary run",
      condition: .unusual(factor: 5),
      run: Samples.run(command: "backfill") { $0.added = 1000 },
      earlier: earlier([1, 1, 1, 1, 1]),
      expected: "unknown"
    ),
    Case(
      name: "idle until now",
      condition: .unusual(factor: 5),
      run: Samples.run { $0.added = 5 },
      earlier: earlier([0, 0, 0, 0, 0]),
      expected: "fine"
    ),
    Case(
      name: "long",
      condition: .duration(above: .time(.seconds(60))),
      run: Samples.run(seconds: 61),
      expected: "sync customers/duration"
    ),
    Case(
      name: "exactly so long",
      condition: .duration(above: .time(.milliseconds(60_500))),
      run: Samples.run(seconds: 60),
      expected: "fine"
    ),
    Case(
      name: "three times the median",
      condition: .duration(above: .median(3)),
      run: Samples.run(seconds: 7),
      earlier: (0..<6).map { _ in Samples.record(seconds: 2) },
      expected: "sync customers/duration"
    ),
    Case(
      name: "three times nearly nothing",
      condition: .duration(above: .median(3)),
      run: Samples.run(seconds: 3),
      earlier: (0..<6).map { _ in Samples.record(seconds: 0) },
      expected: "fine"
    ),
    Case(
      name: "half of the rows",
      condition: .rows(below: 50),
      run: Samples.run { $0.read = 49 },
      earlier: [Samples.record(read: 100)],
      expected: "sync customers/rows"
    ),
    Case(
      name: "exactly half of the rows",
      condition: .rows(below: 50),
      run: Samples.run { $0.read = 50 },
      earlier: [Samples.record(read: 100)],
      expected: "fine"
    ),
    Case(
      name: "the first run",
      condition: .rows(below: 50),
      run: Samples.run { $0.read = 0 },
      expected: "unknown"
    ),
  ]

  @Test(arguments: cases)
  func `a condition judges a run`(_ example: Case) {
    let judge = RuleJudge(subject: Samples.subject, run: example.run, earlier: example.earlier)
    let said =
      switch judge.verdict(example.condition) {
      case .unknown: "unknown"
      case .fine: "fine"
      case .firing(let finding):
        "\(finding.system)/\(finding.code)"
      }
    #expect(said == example.expected)
  }

  @Test func `a guard is told without the keys that it found`() throws {
    let run = Samples.run(.stoppedByGuard, error: Self.guardError)
    let judge = RuleJudge(subject: Samples.subject, run: run, earlier: [])
    guard case .firing(let finding) = judge.verdict(.guarded) else {
      Issue.record("it does not fire")
      return
    }
    #expect(finding.details == ["60 rows removed (bound: the default, 50 rows)"])
  }

  @Test func `an error that may hold values of rows is told without them`() throws {
    var error = RunError(
      .failed,
      "invalid input syntax for integer: \"hunter2\"",
      kind: .failedQuery
    )
    error.valueFree = "the query failed (SQLSTATE 22P02)"
    let judge = RuleJudge(
      subject: Samples.subject,
      run: Samples.run(.failed, error: error),
      earlier: []
    )
    guard case .firing(let finding) = judge.verdict(.failed) else {
      Issue.record("it does not fire")
      return
    }
    #expect(finding.details == ["the query failed (SQLSTATE 22P02)"])
  }

  @Test(arguments: [
    ("the topic 'ada@example.com' does not exist", "the topic '…' does not exist"),
    ("the row's key isn't one", "the row's key isn't one"),
    ("a [\"x\", \"y\"] and `z`", "a [\"…\", \"…\"] and `…`"), ("it ends 'open", "it ends '…"),
    ("plain", "plain"),
  ])
  func `reasons are told without what is in quotes`(text: String, told: String) {
    #expect(ValueFree.text(text) == told)
  }
}
