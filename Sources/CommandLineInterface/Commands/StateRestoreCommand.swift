import Arguments
import Sync
import Reports
import Settings

/// The command `sluice state restore`.
enum StateRestoreCommand: SluiceCommand {
  typealias Report = StateRestoreReport

  static let command = Command(
    "state restore",
    "Put a backup in the place of what a sync remembers",
    discussion: """
      What was delivered since the backup is forgotten. Rows that differ from it by the next run are \
      sent again, with new event ids; rows that by then are again as the backup holds them are not \
      noticed, and the topic keeps what was sent last. It is said first how many rows that concerns, \
      where the present state can be read. Without --yes it asks on a terminal, and changes \
      nothing elsewhere.

      No run of the sync may be under way. The present state is replaced as a whole or not at all; \
      one that is damaged is moved aside.
      """,
    arguments: [.sync, .file],
    options: [.yes, .wait],
    examples: [
      Example("sluice state restore customers /backup/customers.db", "says what that means, asks")
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let upkeep = StateUpkeep(project.stateLocation(of: sync))
    let scratch = try ScratchFolder()
    let preview = try await upkeep.preview(
      of: context.absolute(context.arguments.arguments[1]),
      scratchPath: scratch.statePath
    )
    let console = context.console
    console.result(preview)
    console.summary("\(sync.name): \(preview.headline)")
    for line in preview.consequences { console.summary("  \(line)") }
    try context.confirm(
      "Forget what was delivered since? Type the name of the sync to continue:",
      byTyping: sync.name,
      refusal: "restore asks first, and there is no terminal: nothing was changed"
    )
    guard let report = try await upkeep.restore(preview, waitingUpTo: context.wait) else {
      throw CommandFailure(
        .alreadyRunning,
        "a run of this sync is in progress",
        hint: "it ends by itself; '--wait 5min' waits for it"
      )
    }
    console.result(report)
    if let aside = report.movedTo { console.summary("\(sync.name): the damaged state is \(aside)") }
    console.summary("\(sync.name): restored")
    return .done
  }
}

extension StateRestoreReport {
  /// What the backup is.
  var headline: String {
    let time = takenAt.map { ", after the run of \(TimeText.local(Int64($0 / 1000)))" } ?? ""
    return "the backup has \((rows ?? 0).rows)\(time)"
  }

  /// What becomes of the rows that were delivered since.
  var consequences: [String] {
    var lines: [String] = []
    switch isSameState {
    case nil:
      lines.append(
        "the present state cannot be read: what was delivered since the backup is not known; rows "
          + "that changed since are sent again"
      )
    case false?:
      lines.append(
        "the present state is not a later one of this backup, but another: what it delivered is "
          + "forgotten, and rows that differ from the backup are sent again"
      )
    case true?: lines += since
    }
    if let waiting = preparedBatches, waiting > 0 {
      lines.append(
        "\(waiting) batches of the backup wait to be sent: the next run sends them (again), with the "
          + "event ids of then"
      )
    }
    if isTransactional {
      lines.append(
        "exactly once: if Kafka holds later transactions the next run stops, and "
          + "`sluice recover \(sync ?? "SYNC") --adopt` continues; what is sent again then is sent twice"
      )
    }
    return lines
  }

  private var since: [String] {
    guard let runsSince else { return [] }
    let runs = runsSince == 1 ? "1 run" : "\(runsSince.grouped) runs"
    let head = "since then \(runs) sent \((messagesSince ?? 0).messages)"
    guard let added, let changed, let removed else {
      return [head + "; which rows they concern cannot be told: columns were compared otherwise"]
    }
    if added + changed + removed == 0 { return [head + "; the rows are the same"] }
    return [
      head + ": \(added.rows) added, \(changed) changed, \(removed) removed",
      "sent twice: these changes, where the next run still finds them, with new event ids",
      "not noticed: added rows that are gone by then, and changed or removed rows that are again as in "
        + "the backup; `sluice backfill \(sync ?? "SYNC")` afterwards sends every row that is there",
    ]
  }
}
