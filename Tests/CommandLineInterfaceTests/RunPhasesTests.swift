import Foundation
import Reports
import Synchronization
import TestSupport
import Testing

@testable import Alerts
@testable import CommandLineInterface

/// The parts of a run as spans of a trace.
@Suite struct RunPhasesTests {
  /// The spans of a run that told `events`, each at its second.
  private func trace(_ events: [(second: Int, event: RunEvent)]) -> RunTrace {
    let time = Mutex(0)
    let console = Console(output: MemorySink(), errors: MemorySink())
    let phases = RunPhases("customers", on: console, now: { time.withLock { $0 } })
    for (second, event) in events {
      time.withLock { $0 = second * 1_000_000 }
      phases.take(event)
    }
    let end = time.withLock { $0 }
    return phases.trace(
      of: RunReport(sync: "customers", startedAt: 0, finishedAt: end, outcome: .done)
    )
  }

  private func part(
    _ name: String,
    _ seconds: Range<Int>,
    _ parts: [RunTrace.Part] = []
  )
    -> RunTrace.Part
  {
    let (start, end) = (seconds.lowerBound * 1_000_000, seconds.upperBound * 1_000_000)
    return RunTrace.Part(name: name, start: start, end: end, parts: parts)
  }

  @Test func `a commit is a part of what it began in, also if it ends later`() {
    let trace = trace([
      (1, .entered(.connecting)), (2, .entered(.recovering)), (3, .commitBegan(.state)),
      (5, .entered(.scanning)), (6, .commitEnded(.state)), (7, .entered(.delivering)),
      (8, .commitBegan(.transaction)), (9, .commitBegan(.state)), (10, .commitEnded(.transaction)),
      (11, .commitEnded(.state)), (12, .commitBegan(.state)), (13, .entered(.finished)),
    ])
    let sent = [part("commit transaction", 8..<10), part("commit state", 9..<11)]
    #expect(
      trace.parts == [
        part("connect", 1..<2), part("recover", 2..<5, [part("commit state", 3..<6)]),
        part("scan", 5..<7), part("send", 7..<13, sent),
      ]
    )
  }

  @Test func `of very many commits the longest are kept`() {
    let count = RunPhases.commitsMax + 50
    let commits = (0..<count).flatMap { index in
      let (start, length) = (index * 1000, index == 3 ? 900 : 10 + index)
      return [(start, RunEvent.commitBegan(.state)), (start + length, .commitEnded(.state))]
    }
    let parts = trace([(0, .entered(.delivering))] + commits).parts[0].parts
    #expect(parts.count == RunPhases.commitsMax)
    #expect(parts[0] == part("commit state", 3000..<3900))
    #expect(parts[1] == part("commit state", 51_000..<51_061))
  }

  @Test func `a collector gets the commit of a run`() async throws {
    let requests = Mutex<[String]>([])
    let collector = try #require(
      StandIn { request in
        requests.withLock { $0.append(request) }
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
      }
    )
    let folder = try TemporaryFolder()
    #expect(await folder.run("init").code == .done)
    let run = await folder.run(
      "run customers",
      environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(collector.port)"]
    )
    #expect(run.code == .done, "\(run.errors)")
    let trace = requests.withLock { $0.first { $0.hasPrefix("POST /v1/traces") } ?? "" }
    let spans = trace.matches(
      of: /"spanId":"([0-9a-f]+)","parentSpanId":"([0-9a-f]+)","name":"([^"]+)"/
    ).map { (id: String($0.1), parent: String($0.2), name: String($0.3)) }
    // A first run sends while it scans.
    let scan = try #require(spans.first { $0.name == "scan" }, "\(trace)")
    #expect(spans.contains { $0.name == "commit state" && $0.parent == scan.id }, "\(trace)")
  }
}
