internal import Text
public import Rows

/// Changes that are looked up, sent and committed together.
///
/// Handed over from owner to owner, never shared.
public final class ChangeBatch {
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
  public static let byteCountMax = 8 << 20

  /// The lines of all changes except removals, in order; empty until it is ``finish()``ed.
  public let rows = Page()
  private var lines = Page.Lines(capacity: 1 << 18)
  /// The entries of the lines.
  public var entries: [Entry] = []
  /// The changes, in the order in which they are sent.
  public var changes: [RowChange] = []

  /// Whether its rows were refused before: they are tried apart from the others.
  public let isRetry: Bool

  /// Creates an empty batch.
  public init(isRetry: Bool = false) {
    self.isRetry = isRetry
  }

  /// Whether no more changes should go in.
  public var isFull: Bool {
    changes.count >= Self.countMax || lines.bytes.count >= Self.byteCountMax
  }

  /// Adds a change that brings a line.
  public func append(_ change: RowChange, line: UnsafeRawBufferPointer, entry: Entry) {
    lines.append(line)
    entries.append(entry)
    changes.append(change)
  }

  /// Hands the lines to ``rows``: no more changes go in.
  func finish() -> ChangeBatch {
    rows.exchange(&lines)
    return self
  }
}

// Handed over, never shared: queues and pools keep one owner at a time.
extension ChangeBatch: @unchecked Sendable {}
