internal import Settings

public import Values

/// A plan as a pinned plan keeps it: the object of the document, and what that leaves out.
extension PlanReport {
  /// All of it as a value, for ``init(stored:)``.
  public var stored: Value {
    .object([
      ("plan", json), ("kinds", .array(problems.map { .string($0.kind.rawValue) })),
      ("findings", .array((error?.guards ?? []).map { .string($0.finding) })),
      ("is_stop", .bool(error?.code == .stoppedByGuard)),
      ("texts", .array(samples.map(\.texts))),
    ])
  }

  /// Reads what ``stored`` wrote; nil if it is something else.
  public init?(stored: Value) {
    guard case .object(let root) = stored, case .object(let plan)? = root["plan"],
      let sync = plan.text("sync"),
      let outcome = plan.text("outcome").flatMap(RunReport.Outcome.init),
      let counts = plan["counts"].flatMap({ RunCounts(json: $0.jsonText) }),
      let messages = plan.number("messages"), let waiting = plan.number("prepared_batches")
    else { return nil }
    let run = RunReport(
      sync: sync,
      startedAt: 0,
      finishedAt: 0,
      outcome: outcome,
      counts: counts,
      problems: zip(plan.objects("problems"), root.texts("kinds")).compactMap(ProblemGroup.init),
      error: RunError(plan: plan, findings: root.texts("findings"), root.flag("is_stop"))
    )
    self.init(
      run,
      messages: messages,
      samples: zip(plan.objects("samples"), root.objects("texts")).compactMap(Sample.init),
      preparedBatches: waiting,
      notes: plan.texts("notes")
    )
    tests = plan.objects("tests").compactMap(RowTestReport.init)
    isRedacted = plan.flag("redacted")
  }
}

extension ProblemGroup {
  fileprivate init?(_ object: Object, kind: String) {
    guard let reason = object.text("reason"), let rows = object.number("rows") else { return nil }
    self.init(
      kind: ProblemKind(rawValue: kind) ?? .rejected,
      reason: reason,
      rows: rows,
      first: object.text("first")
    )
  }
}

extension RowTestReport {
  fileprivate init?(_ object: Object) {
    guard let name = object.text("test"), let rows = object.number("rows"),
      let severity = object.text("severity").flatMap(RowTest.Severity.init)
    else { return nil }
    let location = SourceLocation(
      file: object.text("file") ?? "",
      line: object.number("line") ?? 1,
      column: object.number("column") ?? 1
    )
    self.init(RowTest(.expression(""), name: name, severity: severity, location: location))
    self.rows = rows
    examples = object.texts("examples")
  }
}

extension RunError {
  /// The error of a plan with its guards; nil if it has none.
  fileprivate init?(plan: Object, findings: [String], _ isStop: Bool) {
    guard case .object(let error)? = plan["error"], let message = error.text("message") else {
      return nil
    }
    self.init(
      isStop ? .stoppedByGuard : .failed,
      message,
      kind: error.text("code").flatMap(ErrorKind.init(code:)),
      hint: error.text("hint")
    )
    guards = zip(plan.objects("guards"), findings).compactMap(GuardHit.init)
  }
}

extension GuardHit {
  fileprivate init?(_ object: Object, finding: String) {
    guard let name = object.text("guard").flatMap(Guard.init), let rows = object.number("rows"),
      let bound = object.number("bound")
    else { return nil }
    self.init(
      name,
      finding,
      rows: rows,
      bound: bound,
      setting: object.text("setting"),
      examples: object.texts("examples")
    )
  }
}

extension PlanReport.Sample {
  /// Values as they are shown: in the document NULL and no value are one.
  fileprivate var texts: Value {
    .object([
      (
        "columns",
        .array(
          columns.map { column in
            .object([
              ("name", .string(column.name)), ("old", .optional(column.old)),
              ("new", .optional(column.new)),
            ])
          }
        )
      ),
      ("value", .optional(message?.value)),
    ])
  }

  fileprivate init?(_ object: Object, texts: Object) {
    guard let change = object.text("change").flatMap(Change.init) else { return nil }
    self.init(
      change: change,
      row: object.text("row"),
      columns: texts.objects("columns").map { column in
        (column.text("name") ?? "", column.text("old"), column.text("new"))
      },
      message: object.object("message").flatMap { message in
        PlanReport.Message(message, value: texts.text("value"))
      },
      reason: object.text("reason"),
      detail: object.text("detail")
    )
  }
}

extension PlanReport.Message {
  fileprivate init?(_ object: Object, value: String?) {
    guard let topic = object.text("topic") else { return nil }
    self.init(
      topic: topic,
      partition: object.number("partition"),
      key: object.text("key"),
      headers: [],
      value: value,
      valueBytes: object.number("value_bytes")
    )
    if let members = object.object("headers") {
      headers = members.keys.map { ($0, members.text($0)) }
    }
  }
}
