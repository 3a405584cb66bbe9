import Foundation
import Messages
import State
import Synchronization
import Reports
import Testing

@testable import Sync

/// A plan of a run that follows, and the messages in it: both must be equal in all that a plan can
/// know.
///
/// A plan cannot know event ids, nor what follows from them: the partition of a message with such a
/// key.
struct RehearsedPlan {
  private let report: PlanReport
  private let messages: [RecordingSink.Message]

  init(of run: SyncRun, _ bench: Bench) async {
    let received = Mutex<[RecordingSink.Message]>([])
    let before = bench.sink.state.withLock { $0 }
    let scratch = bench.directory + "/plan-\(UInt64.random(in: 0 ... .max)).db"
    report = await PlanRun(of: run, scratchPath: scratch).execute { message in
      received.withLock { $0.append(RecordingSink.Message(message)) }
    }
    messages = received.withLock { $0 }
    // A test may count what a run asked.
    bench.sink.state.withLock { $0 = before }
  }

  /// Expects that the run did what was planned.
  func expect(_ run: RunReport, _ sent: [RecordingSink.Message]) {
    #expect(report.outcome == run.outcome)
    #expect(report.error?.message == run.error?.message)
    #expect(report.counts == run.counts)
    #expect(report.problems.map(\.reason) == run.problems.map(\.reason))
    #expect(report.problems.map(\.rows) == run.problems.map(\.rows))
    #expect(messages.count == sent.count)
    for (planned, arrived) in zip(messages, sent) {
      let (planned, arrived) = (comparable(planned), comparable(arrived))
      #expect(planned == arrived)
      if planned != arrived { break }
    }
  }

  private func comparable(_ message: RecordingSink.Message) -> RecordingSink.Message {
    var message = message
    let hasNoPlace = message.key?.contains("evt_") ?? false
    if hasNoPlace { message.partition = 0 }
    message.key = message.key.map(withoutIDs)
    message.value = message.value.map(withoutIDs)
    message.headers = message.headers.mapValues(withoutIDs)
    message.bytes = []
    return message
  }

  /// A run's ids and a plan's placeholder are of one length.
  private func withoutIDs(_ text: String) -> String {
    var text = text
    var rest = text.startIndex..<text.endIndex
    while let start = text.range(of: "evt_", range: rest)?.lowerBound,
      let end = text.index(start, offsetBy: EventID.placeholder.count, limitedBy: text.endIndex)
    {
      text.replaceSubrange(start..<end, with: EventID.placeholder)
      rest = text.index(start, offsetBy: EventID.placeholder.count)..<text.endIndex
    }
    return text
  }
}
