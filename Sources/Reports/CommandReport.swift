public import Values

/// The whole answer of a command.
///
/// `--output json` prints it inside a ``ReportDocument``. Every report of a type has the same
/// members in the same order: a list without entries is empty, anything else that is not known is
/// null.
public protocol CommandReport: Sendable {
  /// Nothing is known: the report of a command that failed before it found anything.
  init()

  /// The members of the document, in order.
  var members: [(String, Value)] { get }
}

/// What a command prints with `--output json`: its report in a frame that all commands share.
public struct ReportDocument: Sendable {
  /// Version of the names and shapes; `docs/cli-json.md` describes it.
  public static let schema = 2

  /// What the command found.
  public var report: any CommandReport
  /// Why the command could not do what it was asked for, nil if it could.
  public var error: RunError?
  /// What is to be said of the project's files and states.
  public var diagnostics: [FileDiagnostic]

  /// Frames `report`.
  public init(
    _ report: any CommandReport,
    error: RunError? = nil,
    diagnostics: [FileDiagnostic] = []
  ) {
    self.report = report
    self.error = error
    self.diagnostics = diagnostics
  }

  /// The document.
  public var json: Value {
    .object(
      [("schema", .integer(Self.schema))] + report.members
        + [
          ("error", error?.json ?? .null), ("diagnostics", .array(diagnostics.map(\.json))),
        ]
    )
  }
}

/// A report of one sync among others.
public protocol SyncReport: Sendable {
  /// The entry of the document's list `syncs`.
  var json: Value { get }
}

/// A list of syncs with what a command reports of each.
public struct SyncList<Report: SyncReport>: CommandReport {
  /// The reports.
  public var syncs: [Report]

  /// Lists `syncs`.
  public init(_ syncs: [Report]) {
    self.syncs = syncs
  }

  /// Without a sync.
  public init() {
    self.init([])
  }

  /// The member `syncs`.
  public var members: [(String, Value)] {
    [("syncs", .array(syncs.map(\.json)))]
  }
}
