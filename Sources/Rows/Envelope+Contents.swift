public import Text

extension Envelope {
  /// What a composer writes, and what a driver reads.
  ///
  /// Taken out of its envelope for the loop over the messages and put back after it: each access
  /// through a stored property of a class costs a check.
  public struct Contents: ~Copyable, Sendable {
    /// Keys, values and header values.
    public var bytes = ByteBuffer(capacity: 0)
    /// The messages, in the order in which they are sent.
    public var messages: [Message] = []
    /// The headers of all messages.
    public var headers: [Header] = []

    /// A place in the contents to which a message that fails is taken back.
    public struct Mark: Sendable {
      fileprivate var bytes: Int
      fileprivate var headers: Int
    }

    /// Creates empty contents.
    public init() {}

    /// The end of what has been appended.
    public var end: Mark { Mark(bytes: bytes.count, headers: headers.count) }

    /// Drops the bytes and headers that were appended after `mark`.
    public mutating func truncate(to mark: Mark) {
      bytes.truncate(to: mark.bytes)
      headers.removeSubrange(mark.headers...)
    }

    /// Drops everything and keeps the memory (up to 4 MiB of bytes).
    public mutating func removeAll() {
      bytes.removeAll(keepingUpTo: 4 << 20)
      messages.removeAll(keepingCapacity: true)
      headers.removeAll(keepingCapacity: true)
    }
  }
}
