import Arguments
import Sync
import Reports
import Settings

/// The command `sluice state compact`.
enum StateCompactCommand: SluiceCommand {
  typealias Report = SyncList<StateCompactReport>

  static let command = Command(
    "state compact",
    "Give the room of dead rows back",
    discussion: """
      Runs rewrite segments that are more than half dead by themselves, some of them each time. \
      This drops every dead row at once and makes the file as small as it can be, which is worth it \
      after a backfill or a large removal. It needs as much free room as the file has, and no run of \
      the sync may be under way; other commands may.
      """,
    arguments: [.syncs],
    options: [.tag, .wait],
    examples: [Example("sluice state compact customers", "after a backfill")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs()
    var reports: [StateCompactReport] = []
    var codes = [selected.code]
    for sync in selected.syncs {
      let location = selected.project.stateLocation(of: sync)
      // Without a state there is nothing to give back.
      if !location.exists { continue }
      let upkeep = StateUpkeep(location)
      let found = await upkeep.compact(waitingUpTo: context.wait)
      var report = found ?? StateCompactReport(sync: sync.name)
      if found == nil {
        report.error = RunError(
          .failed,
          "a run of this sync is in progress",
          kind: .alreadyRunning,
          hint: "try again later"
        )
      }
      codes.append(found == nil ? .alreadyRunning : report.error == nil ? .done : .failed)
      if let error = report.error { context.console.report(error, of: sync.name) }
      reports.append(report)
      if let before = report.bytesBefore, let after = report.bytes {
        context.console.summary(
          "\(sync.name): \(before.grouped) bytes before, \(after.grouped) now; "
            + "\((report.rows ?? 0).rows), \((report.deadRows ?? 0).grouped) dead"
        )
      }
    }
    context.console.result(SyncList(reports))
    return ExitCode.gravest(of: codes)
  }
}
