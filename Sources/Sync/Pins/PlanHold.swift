internal import Settings
internal import Blocking
internal import Glibc
internal import Reports
internal import State
internal import Values

/// A pinned plan that keeps other runs of its sync out: a small file beside the run lock.
///
/// Looked at, made and deleted by the holder of the run lock; dropping the plan deletes it, too.
struct PlanHold: Sendable, Hashable {
  /// Identity of the plan.
  var plan: String
  /// Its file, as anybody may type it.
  var file: String
  /// Until when, in microseconds since 1970.
  var until: Int

  private static let bytesMax = 65536

  /// The hold in the file at `path`; nil if there is none.
  ///
  /// Throws a ``RunError`` if the file cannot be read: somebody wants no run.
  init?(path: String) throws(RunError) {
    guard let bytes = SmallFile.read(path, upTo: Self.bytesMax) else {
      if errno == ENOENT { return nil }
      throw RunError(
        .failed,
        "\(path): cannot read the hold: \(SystemError.text())",
        kind: .inaccessibleState
      )
    }
    guard case .object(let root) = Value(json: String(decoding: bytes, as: UTF8.self)),
      let plan = root.text("plan"), let file = root.text("file"), let until = root.number("until")
    else {
      throw RunError(
        .failed,
        "\(path): this is not the hold of a plan",
        kind: .foreignState,
        hint: "delete the file if no plan is to be kept"
      )
    }
    self.init(plan: plan, file: file, until: until)
  }

  init(plan: String, file: String, until: Int) {
    (self.plan, self.file, self.until) = (plan, file, until)
  }

  /// Writes it to `path`, whole or not at all, in place of an earlier one.
  func write(to path: String) throws(RunError) {
    let text = Value.object(
      Object([("plan", .string(plan)), ("file", .string(file)), ("until", .integer(until))])
    ).jsonText
    if let reason = FileReplacement.write(Array("\(text)\n".utf8), to: path, mode: 0o600) {
      throw RunError(
        .failed,
        "\(path): cannot write the hold: \(reason)",
        kind: .inaccessibleState
      )
    }
  }

  /// What is said to a run that it keeps out.
  func refusal(of sync: String, in path: String) -> RunError {
    let time = ReportTime.utc(milliseconds: Int64(until / 1000))
    return RunError(
      .held,
      "the plan \(plan.filter { $0.isASCII && $0 >= " " }) keeps other runs of \(sync) out until \(time)",
      kind: .heldByPlan,
      hint: "`sluice apply \(file)` sends it, `sluice plan drop \(file)` gives it up; "
        + "if that file is lost or damaged: rm \(path)"
    )
  }
}

/// What a hold means to somebody who takes the run lock.
public enum HoldRule: Sendable, Hashable {
  /// Whatever plan holds the sync keeps him out.
  case respected
  /// The same, except of this plan, which is his.
  case own(plan: String)
  /// None keeps him out: he changes nothing that a plan compares.
  case ignored
}
