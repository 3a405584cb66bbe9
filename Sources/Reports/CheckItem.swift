public import Settings

public import Values

/// One line of what `check --connect` found.
public struct CheckItem: Sendable, Hashable {
  /// How it is.
  public enum Verdict: String, Sendable, Hashable {
    /// It is right.
    case passed
    /// It is wrong: a run would fail, or lose or reject rows.
    case failed
    /// Nobody told.
    case unknown
  }

  /// What was looked at, as in `destination events` or `model customers`.
  public var subject: String
  /// Which of its sides, as in `login` or `right to write`.
  public var check: String
  /// How it is.
  public var verdict: Verdict
  /// What was found.
  public var reason: String?
  /// What to do, or what is worth knowing.
  public var hint: String?
  /// What kind of error a failure is; nil for anything else.
  public var kind: ErrorKind?
  /// Whether a failure is the configuration's or a model's, not the world's.
  public var isConfiguration = false
  /// Name of the environment in which it was found; nil for none.
  public var environment: String?

  /// Describes a finding.
  public init(
    _ subject: String,
    check: String,
    verdict: Verdict,
    reason: String? = nil,
    hint: String? = nil,
    kind: ErrorKind? = nil,
    isConfiguration: Bool = false
  ) {
    self.subject = subject
    self.check = check
    self.verdict = verdict
    self.reason = reason.map { KnownSecrets.current.hidden(in: $0) }
    self.hint = hint.map { KnownSecrets.current.hidden(in: $0) }
    self.kind = kind
    self.isConfiguration = isConfiguration
  }

  /// The failures of an error and of those that came with it.
  public static func failures(_ subject: String, check: String, error: RunError) -> [CheckItem] {
    error.all.map { CheckItem(subject, check: check, error: $0) }
  }

  /// Reports `error` alone as a failed check.
  public init(_ subject: String, check: String, error: RunError) {
    let place = error.location.map { "\($0): " } ?? ""
    self.init(
      subject,
      check: check,
      verdict: .failed,
      reason: place + error.message,
      hint: error.hint,
      kind: error.kind,
      isConfiguration: error.code == .configuration
    )
  }

  /// The entry of the document's list `checks`.
  public var json: Value {
    .object([
      ("subject", .string(subject)), ("check", .string(check)),
      ("verdict", .string(verdict.rawValue)), ("code", .optional(kind?.code)),
      ("reason", .optional(reason)),
      ("hint", .optional(hint)), ("environment", .optional(environment)),
    ])
  }
}
