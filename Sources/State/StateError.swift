internal import SQLite

public import Settings

/// An error of a state file.
public struct StateError: Error, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Code: Sendable, Hashable {
    /// There is no such file.
    case missing
    /// It was written by a newer Sluice.
    case newer
    /// It is not a state file.
    case foreign
    /// It is damaged.
    case damaged
    /// It cannot be read or written.
    case inaccessible
    /// No room is left on its disk.
    case diskFull
    /// Another process holds it for too long.
    case busy
    /// What it holds does not fit what the run wants.
    case mismatch
  }

  /// What kind of trouble it is.
  public let code: Code
  /// Path of the file.
  public let path: String
  /// What happened.
  public let message: String
  /// What to do.
  public let hint: String?
  /// Whether the file is that of a pinned plan.
  var isOfPlan = false

  /// Creates an error.
  public init(code: Code, path: String, message: String, hint: String? = nil) {
    self.code = code
    self.path = path
    self.message = message
    self.hint = hint
  }

  init(_ error: SQLiteError, path: String) {
    let (code, hint): (Code, String?) =
      switch error.code {
      case .damaged:
        (
          .damaged,
          "keep the file for a look, then put back a copy of it, or `sluice reset` and backfill again"
        )
      case .diskFull: (.diskFull, "free some space, then run again: nothing is lost")
      case .busy: (.busy, "another program holds the file: find it with `fuser`")
      case .cannotOpen, .readOnly, .inputOutput:
        (.inaccessible, "check the permissions of the file and of its folder")
      case .interrupted, .statement, .other: (.damaged, nil)
      }
    self.init(code: code, path: path, message: error.message, hint: hint)
  }

  /// Path and message.
  public var description: String { "\(path): \(message)" }
}

extension StateError {
  /// The kind that a user sees.
  public var kind: ErrorKind {
    switch code {
    case .missing where isOfPlan, .newer where isOfPlan, .foreign where isOfPlan,
      .damaged where isOfPlan, .inaccessible where isOfPlan:
      .unusablePlan
    case .missing: .missingState
    case .newer: .newerState
    case .foreign: .foreignState
    case .damaged: .damagedState
    case .inaccessible: .inaccessibleState
    case .diskFull: .stateDiskFull
    case .busy: .busyState
    case .mismatch: .unfitState
    }
  }
}
