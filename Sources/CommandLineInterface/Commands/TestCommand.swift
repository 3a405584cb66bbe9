import Arguments
import Configuration
import Sync
import Reports
import Settings

/// The command `sluice test`.
enum TestCommand: SluiceCommand {
  typealias Report = SyncList<SyncTestReport>

  private static let record = Option(
    "record",
    "Write what comes out into the test files as what is expected"
  )

  static let command = Command(
    "test",
    "Run the unit tests of syncs, without a database and without a broker",
    discussion: """
      Makes the messages of the rows in syncs/NAME.test.yml as a run would, and compares them with \
      what is expected there. Ends with 1 where something differs or a case expects nothing yet, \
      with 78 where a file is wrong.

      With --record it writes the expectations of all cases that fail or have none; of those that \
      have one, only what they name. The rest of the file stays as it is. Look at the difference \
      before you commit it.
      """,
    arguments: [.syncs],
    options: [.tag, record],
    examples: [
      Example("sluice test", "runs all of them"),
      Example("sluice test customers --record", "writes what is expected; look at it"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs(isOffline: true, withTests: true)
    let project = selected.project
    var reports = untestable(selected, context)
    for sync in selected.syncs where selected.unset[sync.name] == nil {
      guard let file = selected.tests.first(where: { $0.sync == sync.name }) else {
        if context.arguments.arguments.contains(sync.name) {
          context.console.log(
            LogEvent(
              .warning,
              name: "no-tests",
              sync: sync.name,
              message: "it has no tests: write syncs/\(sync.name).test.yml"
            )
          )
        }
        continue
      }
      let session = try SyncSession(project, sync)
      var results = try session.results(of: file)
      if context.arguments.has(record) {
        try write(&results, file: file, project: project, context: context)
      }
      reports.append(SyncTestReport(sync: sync.name, cases: results))
      show(reports[reports.count - 1], context.console)
    }
    context.console.result(SyncList(reports))
    let cases = reports.flatMap(\.cases)
    finish(cases, context.console)
    let isFailed = cases.contains { $0.outcome == .failed }
    return ExitCode.gravest(of: [selected.code, isFailed ? .failed : .done])
  }

  /// The cases of syncs whose messages need a variable that is not set.
  private static func untestable(
    _ selected: CommandContext.SelectedSyncs,
    _ context: CommandContext
  ) -> [SyncTestReport] {
    let names = context.arguments.arguments
    let chosen = Set(selected.syncs.map(\.name)).union(names)
    let takesAll = names.isEmpty && context.arguments.values(of: .tag).isEmpty
    var reports: [SyncTestReport] = []
    for file in selected.tests {
      guard let variables = selected.unset[file.sync], takesAll || chosen.contains(file.sync)
      else { continue }
      let error = RunError(
        .configuration,
        "the variable \(variables[0]) is not set",
        kind: .unsetVariable,
        hint: "set it in the environment or in .env, or write ${\(variables[0]):-default}"
      )
      let cases = file.cases.map { TestCaseReport(SyncTestResult(test: $0, error: error)) }
      reports.append(SyncTestReport(sync: file.sync, cases: cases))
      show(reports[reports.count - 1], context.console)
    }
    return reports
  }

  private static func show(_ report: SyncTestReport, _ console: Console) {
    // A document says it all.
    if console.writesJSON { return }
    let cases = report.cases
    let shown = console.options.isQuiet ? cases.filter { $0.outcome == .failed } : cases
    if shown.isEmpty { return }
    console.result(report.sync)
    for test in shown {
      console.result(test.lines(console))
      if let error = test.result.error { console.report(error, of: report.sync) }
    }
  }

  private static func finish(_ reports: [TestCaseReport], _ console: Console) {
    if console.writesJSON { return }
    let counts = TestCaseReport.Outcome.allCases.compactMap { outcome -> String? in
      let count = reports.count { $0.outcome == outcome }
      return count > 0 ? "\(count) \(outcome.rawValue)" : nil
    }
    let total = "\(reports.count) case\(reports.count == 1 ? "" : "s")"
    console.summary(([total] + counts).joined(separator: ", "))
    if reports.contains(where: \.lacksExpectation) {
      console.log(
        LogEvent(
          .info,
          name: "no-expectation",
          message: "'sluice test --record' writes what is expected"
        )
      )
    }
  }

  /// Writes down what came out of the cases that failed; they are then `recorded`.
  private static func write(
    _ reports: inout [TestCaseReport],
    file: SyncTests,
    project: ProjectSettings,
    context: CommandContext
  ) throws(CommandFailure) {
    var expectations: [String: SyncTestCase.Expectation] = [:]
    for report in reports where report.outcome == .failed {
      if let new = report.result.recording { expectations[report.result.test.name] = new }
    }
    if expectations.isEmpty { return }
    do throws(Configuration.RecordingError) {
      try Configuration.record(
        expectations,
        in: file,
        directory: project.directory,
        environment: context.environment,
        environmentName: project.environment
      )
    } catch {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
    for index in reports.indices where expectations[reports[index].result.test.name] != nil {
      reports[index].outcome = .recorded
    }
  }
}

extension SyncSession {
  /// How the cases of `tests` go.
  fileprivate func results(of tests: SyncTests) throws(CommandFailure) -> [TestCaseReport] {
    guard let source = project.sources[model.source] else {
      throw CommandFailure(.configuration, "model '\(model.name)' names no source of the project")
    }
    let run = SyncTestRun(sync: sync, model: model, source: source)
    return tests.cases.map { TestCaseReport(run.run($0)) }
  }
}
