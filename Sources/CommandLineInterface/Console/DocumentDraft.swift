import Reports
import Synchronization

/// What the document of a command will say, gathered while the command works; from any thread.
final class DocumentDraft: Sendable {
  private struct State {
    var report: (any CommandReport)?
    var error: RunError?
    var diagnostics: [FileDiagnostic] = []
  }

  private let state = Mutex(State())

  /// Takes what the command found, and what kept it from finding all.
  func set(_ report: any CommandReport, error: RunError?) {
    state.withLock { state in
      state.report = report
      state.error = error
    }
  }

  /// Takes why the command ends; nil if that is what was said of a file already.
  func fail(_ error: RunError?) {
    state.withLock { state in
      state.error = error ?? state.diagnostics.first(where: \.isError)?.error
    }
  }

  /// Adds something that is said of a file.
  func add(_ diagnostic: FileDiagnostic) {
    state.withLock { $0.diagnostics.append(diagnostic) }
  }

  /// The document, with `empty` in place of a report that was never made.
  func document(or empty: any CommandReport) -> ReportDocument {
    state.withLock { state in
      ReportDocument(
        state.report ?? empty,
        error: state.error,
        diagnostics: state.diagnostics
      )
    }
  }
}
