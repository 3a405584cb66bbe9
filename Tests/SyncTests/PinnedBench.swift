import Foundation
import Reports
import Settings
import State
import Synchronization
import Testing

@testable import Sync

extension Bench {
  /// What came of a plan that was to be pinned.
  struct Pinned {
    var report: PlanReport
    var failure: RunError?
    /// The messages in it, in their order.
    var messages: [RecordingSink.Message]
    /// Path of its file.
    var file: String
  }

  /// Plans, and pins what was found in a file.
  func pin(
    _ options: RunOptions = RunOptions(),
    name: String = "s.plan",
    hold: Duration? = nil
  ) async -> Pinned {
    let received = Mutex<[RecordingSink.Message]>([])
    let file = "\(directory)/\(name)"
    let plan = PlanRun(
      of: makeRun(options),
      scratchPath: directory + "/pin-\(UInt64.random(in: 0 ... .max)).db",
      pinning: PinRequest(file: file, typed: name, isReplacing: true, hold: hold)
    )
    let (report, failure) = await plan.executePinning { message in
      received.withLock { $0.append(RecordingSink.Message(message)) }
    }
    let messages = received.withLock { $0 }
    return Pinned(report: report, failure: failure, messages: messages, file: file)
  }

  /// Applies a plan.
  func apply(
    _ file: String,
    allowing guards: Set<Guard> = [],
    sink: (any Destination)? = nil
  ) async throws -> RunReport {
    let plan = try await PinnedPlan.open(file, typed: "s.plan", examining: true)
    let options = RunOptions(command: .apply, allowedGuards: guards)
    return await makeRun(options, sink: sink).applying(plan, releasing: location).execute()
  }

  /// Whether the batches of the plan in `file` were brought into the state.
  func isApplied(_ file: String) async throws -> Bool {
    let plan = try await PinnedPlan.open(file, typed: "s.plan", examining: false)
    let state = try? await StateFile.open(path: statePath, mode: .report)
    return try await state?.application(ofPlan: plan.id) != nil
  }
}
