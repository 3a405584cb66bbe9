public import Reports
internal import Text

/// When the parts of a run began and ended.
public struct RunTrace: Sendable {
  /// One part, such as `scan`; times are microseconds since 1970.
  public struct Part: Sendable, Hashable {
    var name: String
    /// When it began.
    public var start: Int
    var end: Int
    var parts: [Part]

    /// How long it took, in microseconds.
    public var duration: Int { end - start }

    /// Describes a part, and the parts of it.
    public init(name: String, start: Int, end: Int, parts: [Part] = []) {
      (self.name, self.start, self.end, self.parts) = (name, start, end, parts)
    }
  }

  /// How the run ended.
  public var report: RunReport
  /// Its parts, in their order.
  public var parts: [Part]

  /// Describes a run.
  public init(_ report: RunReport, parts: [Part]) {
    self.report = report
    self.parts = parts
  }

  /// An identity of `digits` hexadecimal digits, which is this run's and differs for each `subject`.
  func identity(_ digits: Int, _ subject: String) -> String {
    let text = "\(report.sync)\0\(report.runID)\0\(report.startedAt)\0\(subject)"
    return String(Hexadecimal.text(SHA256.digest(Array(text.utf8))).prefix(digits))
  }
}
