internal import Settings

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
  public var detail: String?
  /// What to do, or worth knowing.
  public var advice: String?
  /// Whether a failure is the configuration's or a model's, not the world's.
  public var isConfiguration = false

  /// Describes a finding.
  public init(
    _ subject: String,
    _ check: String,
    _ verdict: Verdict,
    _ detail: String? = nil,
    advice: String? = nil,
    isConfiguration: Bool = false
  ) {
    self.subject = subject
    self.check = check
    self.verdict = verdict
    self.detail = detail.map { KnownSecrets.current.hidden(in: $0) }
    self.advice = advice.map { KnownSecrets.current.hidden(in: $0) }
    self.isConfiguration = isConfiguration
  }

  /// The failures of an error and of those that came with it.
  static func failures(_ subject: String, _ check: String, _ error: RunError) -> [CheckItem] {
    error.all.map { CheckItem(subject, check, $0) }
  }

  /// A failure of the engine.
  init(_ subject: String, _ check: String, _ error: RunError) {
    let place = error.location.map { "\($0): " } ?? ""
    self.init(
      subject,
      check,
      .failed,
      place + error.message,
      advice: error.hint,
      isConfiguration: error.code == .configuration
    )
  }
}
