internal import Reports
internal import Text
internal import Values

/// Traces and metrics as OTLP has them in JSON (opentelemetry-proto, protobuf's JSON mapping: identities
/// in hexadecimal, 64-bit numbers as texts).
struct TelemetryBody {
  /// What names the process: `service.name` and the like.
  let resource: [(name: String, value: String)]

  /// The spans of runs.
  func traces(_ runs: [RunTrace], parent: TraceContext?) -> Value {
    let spans = runs.flatMap { self.spans($0, parent: parent) }
    return Self.map([
      (
        "resourceSpans",
        .array([
          Self.map([
            ("resource", described),
            ("scopeSpans", .array([Self.map([("scope", scope), ("spans", .array(spans))])])),
          ])
        ])
      )
    ])
  }

  /// The gauges of `families` at `time`, in microseconds since 1970.
  func metrics(_ families: [MetricFamily], at time: Int) -> Value {
    let metrics = families.map { family -> Value in
      let points = family.samples.map { point($0, at: time) }
      return Self.map([
        ("name", .string(family.name.replacing("_", with: "."))),
        ("description", .string(family.help)), ("unit", .string(family.unit)),
        ("gauge", Self.map([("dataPoints", .array(points))])),
      ])
    }
    return Self.map([
      (
        "resourceMetrics",
        .array([
          Self.map([
            ("resource", described),
            ("scopeMetrics", .array([Self.map([("scope", scope), ("metrics", .array(metrics))])])),
          ])
        ])
      )
    ])
  }

  private var described: Value { Self.map([("attributes", Self.attributes(resource))]) }
  private var scope: Value { Self.map([("name", .string("sluice"))]) }

  private func point(_ sample: MetricFamily.Sample, at time: Int) -> Value {
    let amount: (String, Value) =
      switch sample.amount {
      case .count(let count): ("asInt", .string(String(count)))
      case .seconds: ("asDouble", Value(json: sample.amount.text))
      }
    let labels = [(name: "sync", value: sample.sync)] + sample.labels
    return Self.map([
      ("timeUnixNano", .string("\(time)000")), amount, ("attributes", Self.attributes(labels)),
    ])
  }

  private func spans(_ run: RunTrace, parent: TraceContext?) -> [Value] {
    let report = run.report
    let trace = parent?.trace ?? run.identity(32, "trace")
    let root = run.identity(16, "run")
    var attributes: [(name: String, value: String)] = [
      ("sluice.sync", report.sync), ("sluice.outcome", report.outcome.rawValue),
    ]
    if !report.runID.isEmpty { attributes.append(("sluice.run", report.runID)) }
    let counts = report.counts.named.filter { $0.count > 0 }.map { count in
      Self.map([
        ("key", .string("sluice.\(count.name)")),
        ("value", Self.map([("intValue", .string(String(count.count)))])),
      ])
    }
    var span: [(String, Value)] = [
      ("traceId", .string(trace)), ("spanId", .string(root)),
    ]
    if let parent { span.append(("parentSpanId", .string(parent.span))) }
    span += [
      ("name", .string("\(report.command) \(report.sync)")), ("kind", .integer(1)),
      ("startTimeUnixNano", .string("\(report.startedAt)000")),
      ("endTimeUnixNano", .string("\(report.finishedAt)000")),
      ("attributes", .array(Self.list(attributes) + counts)), ("status", status(report)),
    ]
    return [Self.map(span)] + spans(run.parts, of: run, trace: trace, below: root, place: "")
  }

  /// The spans of `parts` and of their parts; `place` tells those of different parents apart.
  private func spans(
    _ parts: [RunTrace.Part],
    of run: RunTrace,
    trace: String,
    below parent: String,
    place: String
  ) -> [Value] {
    parts.enumerated().flatMap { index, part in
      let subject = "\(place)\(index)"
      let identity = run.identity(16, subject)
      let span = Self.map([
        ("traceId", .string(trace)), ("spanId", .string(identity)),
        ("parentSpanId", .string(parent)), ("name", .string(part.name)), ("kind", .integer(1)),
        ("startTimeUnixNano", .string("\(part.start)000")),
        ("endTimeUnixNano", .string("\(part.end)000")),
      ])
      return [span]
        + spans(part.parts, of: run, trace: trace, below: identity, place: "\(subject).")
    }
  }

  /// 1 is well, 2 an error; what is told of it holds no values of rows.
  private func status(_ report: RunReport) -> Value {
    guard let error = report.error else { return Self.map([("code", .integer(1))]) }
    return Self.map([
      ("code", .integer(2)), ("message", .string(ValueFree.text(error.valueFree ?? error.message))),
    ])
  }

  private static func attributes(_ pairs: [(name: String, value: String)]) -> Value {
    .array(list(pairs))
  }

  private static func list(_ pairs: [(name: String, value: String)]) -> [Value] {
    pairs.map { pair in
      map([
        ("key", .string(pair.name)), ("value", map([("stringValue", .string(pair.value))])),
      ])
    }
  }

  private static func map(_ members: [(String, Value)]) -> Value { .object(Object(members)) }
}
