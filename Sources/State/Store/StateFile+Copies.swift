internal import Blocking

extension StateFile {
  /// Writes what the state at `path` holds at one moment to `file`, as one file of mode 0600.
  ///
  /// Others may use the state meanwhile. Throws a ``StateError`` if there is no state, it cannot be
  /// read, or `file` cannot be written or is there already and not `isReplacing`.
  public static func backUp(
    path: String,
    to file: String,
    isReplacing: Bool
  ) async throws(StateError) {
    try await onThread { () throws(StateError) in
      try StateCopies(path: path).backUp(to: file, isReplacing: isReplacing)
    }
  }

  /// Makes the state at `path` what `file` holds, as a whole or not at all; the caller holds the
  /// run lock.
  ///
  /// Returns where a damaged state was moved to; nil if there was none. Throws a ``StateError`` if
  /// `file` is not a sound state of this or an earlier Sluice, or the state cannot be written.
  public static func restore(
    path: String,
    from file: String
  ) async throws(StateError) -> String? {
    try await onThread { () throws(StateError) in
      try StateCopies(path: path).restore(from: file)
    }
  }
}
