internal import Text
public import Rows

/// Changes that are looked up, sent and committed together.
///
/// Nothing of it changes once it is made.
public final class ChangeBatch: Sendable {
  /// One change.
  public struct RowChange: Sendable, Hashable {
    /// What happened to the row.
    public enum Kind: UInt8, Sendable, Hashable {
      /// Its key is new, or a backfill sends it again.
      case added
      /// A column that counts differs.
      case changed
      /// It is gone from the result.
      case removed
      /// Nothing that counts differs, but the snapshot takes its new shape.
      case absorbed
      /// A change that a later row of the result took back.
      case withdrawn
    }

    /// What happened.
    public var kind: Kind
    /// Whether it enters the snapshot without a message.
    public var isSilent: Bool
    /// The row of the snapshot that it supersedes.
    public var old: RowReference?

    /// Describes a change.
    public init(kind: Kind, isSilent: Bool, old: RowReference? = nil) {
      self.kind = kind
      self.isSilent = isSilent
      self.old = old
    }
  }

  /// Most changes in a batch.
  public static let countMax = 10_000
  /// A batch that has this many bytes is full.
  public static let byteCountMax = 2 << 20

  /// The lines of all changes except removals, in order.
  public let rows: Page
  /// The entries of the lines.
  public let entries: [Entry]
  /// The changes, in the order in which they are sent.
  public let changes: [RowChange]

  /// Whether its rows were refused before: they are tried apart from the others.
  public let isRetry: Bool

  /// Takes over what was found.
  init(_ draft: consuming Draft, isRetry: Bool = false) {
    self.isRetry = isRetry
    entries = draft.entries
    changes = draft.changes
    rows = Page(draft.lines)
  }

  /// The changes at `positions`, in order, as a batch; nil if there are none.
  ///
  /// Only of a batch without removals.
  public func keeping(_ positions: [Int]) -> ChangeBatch? {
    if positions.isEmpty { return nil }
    if positions.count == changes.count { return self }
    var draft = Draft(capacity: 0)
    for position in positions {
      draft.append(changes[position], line: rows.line(position), entry: entries[position])
    }
    return ChangeBatch(draft, isRetry: isRetry)
  }

  /// A batch that is being filled.
  ///
  /// Row by row, so it is not a class: each access through one costs a check.
  struct Draft: ~Copyable {
    fileprivate var lines: Page.Lines
    private(set) var entries: [Entry] = []
    private(set) var changes: [RowChange] = []

    /// An empty draft with room for `capacity` bytes of lines.
    init(capacity: Int = 1 << 18) {
      lines = Page.Lines(capacity: capacity)
    }

    /// An empty draft with room for what `full` holds: growing into it would copy it several times.
    init(like full: borrowing Draft) {
      self.init(capacity: full.lines.bytes.count + full.lines.bytes.count / 8)
      entries.reserveCapacity(full.entries.count)
      changes.reserveCapacity(full.changes.count)
    }

    /// Whether no more changes should go in.
    var isFull: Bool {
      changes.count >= ChangeBatch.countMax || lines.bytes.count >= ChangeBatch.byteCountMax
    }

    /// Adds a change that brings a line.
    mutating func append(_ change: RowChange, line: UnsafeRawBufferPointer, entry: Entry) {
      lines.append(line)
      entries.append(entry)
      changes.append(change)
    }

    /// Adds a removal, which brings none.
    mutating func append(removal: RowChange) { changes.append(removal) }
  }
}
