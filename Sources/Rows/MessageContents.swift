public import Text

/// What a composer fills of a batch: bytes, and what lies where in them.
///
/// Taken out of a ``MessageBatch`` for the loop over the rows and put back after it: each access
/// through the batch itself costs a check.
public struct MessageContents: ~Copyable {
  /// Keys, values and header values.
  public var bytes: ByteBuffer
  /// The messages, in the order in which they are sent.
  public var messages: [MessageBatch.Message]
  /// The headers of all messages.
  public var headers: [MessageBatch.Header]

  /// A place in the contents to which a message that fails is taken back.
  public struct Mark: Sendable {
    fileprivate var bytes: Int
    fileprivate var headers: Int
  }

  /// The end of what has been appended.
  public var end: Mark { Mark(bytes: bytes.count, headers: headers.count) }

  /// Drops the bytes and headers that were appended after `mark`.
  public mutating func truncate(to mark: Mark) {
    bytes.truncate(to: mark.bytes)
    headers.removeSubrange(mark.headers...)
  }
}

extension MessageBatch {
  /// Takes the contents out; the batch is empty until they are put back.
  public func takeContents() -> MessageContents {
    var taken = MessageContents(bytes: ByteBuffer(), messages: [], headers: [])
    swap(&taken.bytes, &bytes)
    swap(&taken.messages, &messages)
    swap(&taken.headers, &headers)
    return taken
  }

  /// Puts back what ``takeContents()`` gave.
  public func put(_ contents: consuming MessageContents) {
    bytes = contents.bytes
    messages = contents.messages
    headers = contents.headers
  }
}
