import Foundation
import Reports
import Settings
import TestSupport
import Testing
import Values

@testable import Alerts

/// Traces and metrics over HTTP as JSON, beside a stand-in for a collector.
@Suite struct TelemetryTests {
  private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  private func trace(_ outcome: RunReport.Outcome = .done, error: RunError? = nil) -> RunTrace {
    let report = Samples.run(outcome, at: 5_000_000, seconds: 3, error: error) { $0.sent = 7 }
    return RunTrace(
      report,
      parts: [
        RunTrace.Part(name: "scan", start: 5_100_000, end: 6_000_000),
        RunTrace.Part(
          name: "send",
          start: 6_000_000,
          end: 7_900_000,
          parts: [
            RunTrace.Part(name: "commit transaction", start: 7_000_000, end: 7_500_000),
            RunTrace.Part(name: "commit state", start: 7_500_000, end: 7_800_000),
          ]
        ),
      ]
    )
  }

  private func send(_ environment: [String: String], _ remarks: Inbox = Inbox()) async throws {
    let settings = try #require(TelemetrySettings(environment))
    let center = TelemetryCenter(settings, project: "crm", environment: "prod", version: "1") {
      remarks.add($0)
    }
    var status = StatusReport(sync: "customers", schedule: nil)
    status.lastSuccess = 2_001_000
    await center.send([trace()], syncs: [SyncMetrics(status, runs: [])], now: 9_000_000)
  }

  private func body(_ request: String) -> String {
    request.components(separatedBy: "\r\n\r\n").dropFirst().joined()
  }

  @Test func `a collector gets spans and figures in the form of the protocol`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    try await send([
      "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(server.port)/",
      "OTEL_EXPORTER_OTLP_HEADERS": "api-key=s%20x, other=y", "TRACEPARENT": Self.parent,
    ])
    try #require(inbox.all.count == 2)
    #expect(inbox.all[0].hasPrefix("POST /v1/traces HTTP/1.1\r\n"))
    #expect(inbox.all[1].hasPrefix("POST /v1/metrics HTTP/1.1\r\n"))
    for request in inbox.all {
      #expect(request.contains("\r\nContent-Type: application/json\r\n"))
      #expect(request.contains("\r\napi-key: s x\r\n") && request.contains("\r\nother: y\r\n"))
      #expect(request.contains(#"{"key":"service.name","value":{"stringValue":"sluice"}}"#))
    }
    let spans = body(inbox.all[0]).matches(
      of: /"traceId":"([0-9a-f]{32})","spanId":"([0-9a-f]{16})","parentSpanId":"([0-9a-f]{16})"/
    )
    #expect(spans.count == 5)
    #expect(spans.allSatisfy { $0.1 == "0af7651916cd43dd8448eb211c80319c" })
    #expect(spans[0].3 == "b7ad6b7169203331")
    #expect(spans[1].3 == spans[0].2 && spans[2].3 == spans[0].2)
    #expect(spans[3].3 == spans[2].2 && spans[4].3 == spans[2].2)
    #expect(Set(spans.map { $0.2 }).count == 5)
    for part in [
      #""name":"run customers","kind":1,"startTimeUnixNano":"5000000000","endTimeUnixNano":"8000000000""#,
      #""name":"scan","kind":1,"startTimeUnixNano":"5100000000","endTimeUnixNano":"6000000000""#,
      #""name":"commit transaction","kind":1,"startTimeUnixNano":"7000000000","endTimeUnixNano":"7500000000""#,
      #""name":"commit state","kind":1,"startTimeUnixNano":"7500000000"#,
      #"{"key":"sluice.sent","value":{"intValue":"7"}}"#, #""status":{"code":1}"#,
    ] { #expect(body(inbox.all[0]).contains(part), "\(part)") }
    let point = #"{"timeUnixNano":"9000000000","asDouble":2.001,"attributes":[{"key":"sync""#
    #expect(body(inbox.all[1]).contains(#""name":"sluice.last.success.timestamp.seconds""#))
    #expect(body(inbox.all[1]).contains(point), "\(body(inbox.all[1]))")
  }

  @Test func `an error is told without values of rows`() {
    let error = RunError(.failed, "the row 'hunter2' is wrong", kind: .failedQuery)
    let body = TelemetryBody(resource: []).traces([trace(.failed, error: error)], parent: nil)
    #expect(body.jsonText.contains(#""status":{"code":2,"message":"the row '…' is wrong"}"#))
    #expect(!body.jsonText.contains("hunter2") && !body.jsonText.contains("parentSpanId\":\"b7"))
  }

  @Test func `variables say where, and a wrong parent is none`() throws {
    #expect(TelemetrySettings([:]) == nil)
    let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://h:4318"]
    #expect(TelemetrySettings(base.merging(["OTEL_SDK_DISABLED": "true"]) { $1 }) == nil)
    let both = try #require(TelemetrySettings(base))
    #expect(both.traces == "http://h:4318/v1/traces" && both.metrics == "http://h:4318/v1/metrics")
    let one = try #require(
      TelemetrySettings(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://h/x"])
    )
    #expect(one.traces == "http://h/x" && one.metrics == nil)
    for text in ["", "00-1-2-01", "ff" + Self.parent.dropFirst(2), Self.parent.uppercased()] {
      #expect(TraceContext(text) == nil)
    }
    #expect(TraceContext(Self.parent) != nil)
  }

  @Test func `a collector that refuses, is gone or says nothing is told and no more`()
    async throws
  {
    let remarks = Inbox()
    let refusing = try #require(Inbox().server("503 Busy"))
    let silent = try #require(StandIn { _ in nil })
    for port in [refusing.port, 1, silent.port] {
      try await send(
        [
          "OTEL_EXPORTER_OTLP_ENDPOINT": "http://u:hunter2@127.0.0.1:\(port)",
          "OTEL_EXPORTER_OTLP_TIMEOUT": "200",
        ],
        remarks
      )
    }
    #expect(remarks.all.count == 6 && !remarks.all.joined().contains("hunter2"))
    #expect(remarks.all[0] == "traces are not taken: the collector answers 503")
  }
}
