internal import Text

/// Where traces and metrics go, as the variables of OpenTelemetry say.
public struct TelemetrySettings: Sendable {
  /// Addresses for both; nil for what nobody wants.
  var traces: String?
  var metrics: String?
  /// Headers of every request, which may be secrets.
  var headers: [(name: String, value: String)] = []
  var timeout = Duration.seconds(10)
  var service = "sluice"
  /// The span that everything belongs to; nil for none.
  var parent: TraceContext?

  /// Reads the process's variables; nil if nobody wants anything.
  public init?(_ environment: [String: String]) {
    let value = { (name: String) in environment["OTEL_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
    if value("SDK_DISABLED")?.lowercased() == "true" { return nil }
    let base = value("EXPORTER_OTLP_ENDPOINT")
    let address = { (signal: String) -> String? in
      if let own = value("EXPORTER_OTLP_\(signal.uppercased())_ENDPOINT") { return own }
      return base.map { $0 + ($0.hasSuffix("/") ? "" : "/") + "v1/\(signal)" }
    }
    (traces, metrics) = (address("traces"), address("metrics"))
    if traces == nil, metrics == nil { return nil }
    headers = Self.pairs(value("EXPORTER_OTLP_HEADERS") ?? "")
    if let milliseconds = value("EXPORTER_OTLP_TIMEOUT").flatMap({ Int($0) }), milliseconds > 0 {
      timeout = .milliseconds(min(milliseconds, 60_000))
    }
    if let name = value("SERVICE_NAME") { service = name }
    parent = environment["TRACEPARENT"].flatMap(TraceContext.init)
  }

  /// `name=value,…`, percent-encoded.
  private static func pairs(_ text: String) -> [(name: String, value: String)] {
    text.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let trimmed = parts.map { $0.drop { $0 == " " } }
      let bytes = PercentEncoding.decoded(trimmed[1]) ?? Array(trimmed[1].utf8)
      return (String(trimmed[0]), String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// A span of somebody else, as the header `traceparent` names one (W3C Trace Context).
struct TraceContext: Sendable, Hashable {
  let trace: String
  let span: String

  /// Takes `00-TRACE-SPAN-FLAGS` apart; nil if it is not one.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let isHex = { (part: String, count: Int) in
      part.utf8.count == count
        && part.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
    guard parts.count >= 4, isHex(parts[0], 2), parts[0] != "ff", isHex(parts[1], 32),
      isHex(parts[2], 16), isHex(parts[3], 2), parts[1].contains(where: { $0 != "0" }),
      parts[2].contains(where: { $0 != "0" })
    else { return nil }
    (trace, span) = (parts[1], parts[2])
  }
}
