internal import Blocking

/// What one sync remembers: a SQLite file, used from a thread of its own.
///
/// Each method is a whole unit of work: what it writes is one transaction, and it is on the disk when
/// the method returns, except a staged batch: that is with the commit that prepares it. The format is
/// described in `docs/state.md`; the folders of this room are its parts: `Identity` (what the state
/// says about itself), `Log` (batches, from their writing to their commit), `Store` (rows of the
/// snapshot), `Pins` (plans in files) and `History` (runs, their problems and messages).
public actor StateFile {
  /// Path of the file; that of the original for a copy.
  public nonisolated let path: String
  let database: StateDatabase
  let compressor = Zstandard()
  /// Of the segment that is being written.
  var fieldColumns = FieldColumns()
  /// What makes the messages of the batches that are written down.
  var madeWith = MessageOrigin.unknown
  /// The plan that is being pinned, of the copy of a state.
  var pins: PlanFile?
  /// Lines of the snapshot that batches will ask for.
  var linesAhead = LinesAhead()
  private let executor: ThreadExecutor

  /// The thread this state lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// How a state is opened.
  public enum Mode: Sendable, Hashable {
    /// For a run; the file is made where there is none.
    case run
    /// For a run that needs an existing file.
    case existing
    /// For a report: nothing is written.
    case report
    /// For a plan: the state is copied to `file`, and only the copy is written to. It need not
    /// survive anything. Without an original it begins empty, unless that is needed.
    case copy(file: String, needsOriginal: Bool)

    var needsOriginal: Bool {
      switch self {
      case .existing, .copy(_, needsOriginal: true): true
      case .run, .report, .copy(_, needsOriginal: false): false
      }
    }

    var isDurable: Bool {
      switch self {
      case .run, .existing, .report: true
      case .copy: false
      }
    }
  }

  /// Opens the state at `path` and brings it to this version's format.
  ///
  /// It works on a thread of its own: a copy and a migration take as long as the file is large. Throws
  /// if the file is missing, locked, damaged, not a state, or of a newer Sluice.
  public static func open(path: String, mode: Mode) async throws(StateError) -> StateFile {
    try await onThread { () throws(StateError) in
      StateFile(try StateOpening(path: path, mode: mode).open())
    }
  }

  /// The format that this version writes.
  public static var formatNumber: Int { Migration.all.count }

  /// The format of the state at `path`, also one that this version does not know; nil if it is not
  /// there.
  ///
  /// Nothing is written. Throws if it is locked, damaged, or not a state.
  public static func format(of path: String) async throws(StateError) -> Int? {
    try await onThread { () throws(StateError) in
      try StateOpening(path: path, mode: .report).format()
    }
  }

  private init(_ database: sending StateDatabase) {
    path = database.path
    self.database = database
    executor = ThreadExecutor()
  }

  // Not isolated: Swift 6.3 cannot compile optimized users of an actor with an isolated deinit
  // ("circular reference"). What is left to do when it closes does not block.
  deinit {
    executor.stop()
  }

  /// Moves what is in the write-ahead log into the file, so that closing it costs nothing.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func checkpoint() throws(StateError) {
    // Readers may hold it back; then the next run does it.
    _ = try database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").step()
  }
}
