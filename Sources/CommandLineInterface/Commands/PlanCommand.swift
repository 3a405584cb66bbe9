import Arguments
import Sync
import Reports
import Settings

/// The command `sluice plan`.
enum PlanCommand: SluiceCommand {
  typealias Report = PlanningReport

  private static let save = Option(
    "save",
    value: .text("FILE", completion: .files),
    "Pin the plan in FILE, or the plans of several syncs in a folder, for 'sluice apply'"
  )
  private static let replace = Option("replace", "With --save: take the place of what is there")
  static let hold = Option(
    "hold",
    value: .duration,
    "With --save: keep other runs out until it is applied or dropped, DURATION at most"
  )
  static let exitCode = Option(
    "exit-code",
    "End with 4 when there is something to send"
  )
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...Int.max),
    "Plan a run with the same limit"
  )
  private static let backfill = Option(
    "backfill",
    "Plan a backfill instead of a run, also one of some rows"
  )
  private static let samples = Option(
    "samples",
    value: .integer("N", 0...10_000),
    "Show so many rows of each kind of change; 3 unless you say otherwise"
  )
  static let messages = Option(
    "messages",
    "Show messages whole, with their headers, and long values uncut"
  )
  static let redact = Option(
    "redact",
    "Leave out values of rows: primary keys, columns, keys, headers and bodies"
  )
  private static let against = Option(
    "against",
    value: .text("REVISION"),
    "Compare messages under today's files with those under a git revision's"
  )
  private static let rows = Option(
    "rows",
    value: .text("FILE", completion: .files),
    "Rows for --against as JSON lines; without it those that the state remembers"
  )
  static let output = Option(
    "output",
    value: .choice("FORMAT", Console.Format.allCases.map(\.rawValue)),
    "What results look like; markdown is a comment for a pull request"
  )

  static let command = Command(
    "plan",
    "Show what a run would send, and send nothing",
    discussion: """
      Reads the model and compares, as a run would, and shows samples of the changes with old and \
      new values (+ added, ~ changed, - removed), the messages that they would leave, rows that \
      would be invalid or rejected by reason, and what is to be known besides. The last line has \
      the counts. Nothing is sent and nothing is remembered. It ends as the run would: 0, 2 or 3.

      With --against no source and no broker is asked: the rows that the last run left in the \
      state, or those of --rows, become messages under the files of a git revision and under \
      today's, and what differs is shown, member by member.

      With --save the messages are pinned, byte for byte, with their ids: 'sluice apply FILE' sends \
      exactly them, without asking the source. The file has mode 0600 and holds values of rows. A plan that \
      guards stop is saved, too; apply then needs --allow.

      A document of --output markdown has at most 65,000 characters: samples that do not fit are \
      counted.
      """,
    arguments: [.syncs],
    options: [
      .tag, exitCode, limit, backfill, .changedMessages, .condition, .rowKey, .rowKeys, samples,
      messages, redact, output, save, replace, hold, against, rows, .wait, .allow, .freshState,
    ],
    examples: [
      Example("sluice plan customers", "before the first run, or after a change"),
      Example("sluice plan customers --samples 20 --messages", "looks closely"),
      Example("sluice plan --exit-code", "in a script: 4 says that there is something to send"),
      Example("sluice plan customers --backfill --key 42", "what a backfill of one row would send"),
      Example(
        "sluice plan customers --backfill --changed-messages",
        "which rows a changed template concerns"
      ),
      Example("sluice plan --output markdown --redact", "a comment for a pull request"),
      Example("sluice plan customers --save customers.plan --hold 24h", "for somebody's review"),
      Example("sluice plan --against main --rows rows.jsonl", "what a branch does to messages"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    if let revision = context.arguments.value(of: against) {
      return try await compare(with: revision, context)
    }
    if context.arguments.has(rows) {
      throw CommandFailure(.usage, "--rows gives rows to --against", hint: "add --against REVISION")
    }
    let part = try context.rowPart()
    if part != nil, !context.arguments.has(backfill) {
      throw CommandFailure(
        .usage,
        "--where, --key, --keys and --changed-messages choose rows of a backfill",
        hint: "add --backfill; `sluice inspect SYNC --key K` looks at one row of a run"
      )
    }
    let pinning = [replace, hold, .wait].first { context.arguments.has($0) }
    if let option = pinning, !context.arguments.has(save) {
      throw CommandFailure(
        .usage,
        "--\(option.name) is for a plan that is pinned",
        hint: "add --save FILE"
      )
    }
    let selected = try context.selectedSyncs(connects: true)
    let target = try context.arguments.value(of: save).map {
      try PlanTarget($0, of: selected.syncs, isReplacing: context.arguments.has(replace), context)
    }
    let shown = ResolvedConnections(selected.project)
    for line in shown.lines(for: selected.syncs) { context.console.log(line) }
    let showsMessages = context.arguments.has(messages)
    var reports: [PlanReport] = []
    var failures: [ExitCode] = []
    for sync in selected.syncs {
      let session = try SyncSession(selected.project, sync)
      var (report, failure) = try await plan(
        session,
        of: part,
        pinning: target?.request(sync),
        context
      )
      if context.arguments.has(redact) { report = report.withoutValues }
      show(report, isWhole: showsMessages, context.console)
      reports.append(report)
      if let failure {
        failures.append(ExitCode(RunReport.Outcome(failure.code)))
        context.console.report(failure, of: sync.name)
      }
    }
    if let total = reports.summary {
      context.console.result(context.console.paintResult(total, "1"))
    }
    context.console.result(
      PlanningReport(PlansReport(reports, showsMessages: showsMessages))
    )
    let code = ExitCode.gravest(
      of: [selected.code] + failures + reports.map { ExitCode($0.outcome) }
    )
    return context.arguments.has(exitCode) ? reports.code(besides: code) : code
  }

  private static func compare(
    with revision: String,
    _ context: CommandContext
  ) async throws -> ExitCode {
    let others = [
      limit, backfill, messages, save, replace, hold, .changedMessages, .condition, .rowKey,
      .rowKeys, .wait, .allow, .freshState,
    ]
    if let other = others.first(where: context.arguments.has) {
      throw CommandFailure(
        .usage,
        "--against compares messages and plans no run: --\(other.name) does not go with it"
      )
    }
    let selected = try context.selectedSyncs(isOffline: true)
    let comparison = RevisionComparison(
      context: context,
      revision: revision,
      rowsPath: context.arguments.value(of: rows),
      samplesMax: samplesMax(context)
    )
    var reports = try await comparison.reports(of: selected.syncs, in: selected.project)
    if context.arguments.has(redact) { reports = reports.map(\.withoutValues) }
    let console = context.console
    for report in reports {
      let text = ComparisonText(
        report: report,
        width: console.resultWidth,
        paint: console.paintResult
      )
      console.result(text.lines)
      if let error = report.error { console.report(error, of: report.sync) }
    }
    console.result(PlanningReport(reports))
    let codes = reports.compactMap { $0.error.map { ExitCode(RunReport.Outcome($0.code)) } }
    let code = ExitCode.gravest(of: [selected.code] + codes)
    let differs = reports.contains(where: \.hasDifferences)
    return code == .done && context.arguments.has(exitCode) && differs ? .somethingToSend : code
  }

  private static func samplesMax(_ context: CommandContext) -> Int {
    context.arguments.value(of: samples).flatMap { Int($0) } ?? 3
  }

  private static func plan(
    _ session: SyncSession,
    of part: RowPart?,
    pinning request: PinRequest?,
    _ context: CommandContext
  ) async throws -> (PlanReport, failure: RunError?) {
    if !context.arguments.has(.freshState) { try session.refuseLeftState() }
    var options = RunOptions(
      command: context.arguments.has(backfill) ? .backfill : .run,
      limit: context.arguments.value(of: limit).flatMap { Int($0) },
      allowedGuards: context.allowedGuards
    )
    options.part = part
    let run = SyncRun(
      sync: session.sync,
      model: session.model,
      source: try session.source(),
      sink: try session.sink(console: context.console) { _ in },
      statePath: session.location.path,
      options: options
    )
    let scratch = try ScratchFolder()
    defer { withExtendedLifetime(scratch) {} }
    let plan = PlanRun(
      of: run,
      scratchPath: scratch.statePath,
      samplesMax: samplesMax(context),
      pinning: request
    )
    guard let request else { return (await plan.execute(), nil) }
    if request.hold == nil {
      try session.location.checkReplacing(file: ShellWord.quoted(request.file))
      return await plan.executePinning()
    }
    // Nothing may move the snapshot between the plan and its hold.
    let held = try await session.location.whileLocked(waitingUpTo: context.wait) {
      let (report, failure) = await plan.executePinning()
      if let pinned = report.pinned {
        try session.location.hold(for: pinned, file: ShellWord.quoted(request.file))
      }
      return (report, failure)
    }
    guard let held else {
      throw CommandFailure(
        .alreadyRunning,
        "a run of \(session.sync.name) is under way, and --hold keeps runs out",
        hint: "it ends by itself; '--wait 5min' waits for it"
      )
    }
    return held
  }

  static func show(_ report: PlanReport, isWhole: Bool, _ console: Console) {
    let text = PlanText(
      report: report,
      isWhole: isWhole,
      width: console.resultWidth,
      paint: console.paintResult
    )
    console.result(text.lines)
    if let error = report.error { console.report(error, of: report.sync) }
  }
}

extension [PlanReport] {
  /// How `--exit-code` lets a command end that would end with `code`.
  func code(besides code: ExitCode) -> ExitCode {
    code == .done && contains(where: \.hasMessages) ? .somethingToSend : code
  }
}
