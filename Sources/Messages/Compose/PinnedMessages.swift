internal import Text

public import Rows

/// Messages of a batch as bytes, with what is known of them: what a pinned plan keeps.
///
/// Numbers are little-endian, 8 bytes; texts and lists begin with their count. Whatever the bytes are, reading
/// them gives messages whose every part lies inside, or nothing.
public enum PinnedMessages {
  private static let version = 1

  /// What is pinned besides the messages, which are in an envelope.
  public struct Content: Sendable {
    /// What the messages are about.
    public var composition: Composition
    /// Null values that would erase the message of another row: they never leave.
    public var erasing: [Int]

    /// Joins both.
    public init(composition: Composition, erasing: [Int]) {
      self.composition = composition
      self.erasing = erasing
    }

    /// Names of the topics that its messages in `envelope` go to.
    public func topics(of envelope: Envelope) -> Set<String> {
      Set(Set(envelope.messages.map(\.topic)).map { envelope.topics[Int($0)] })
    }

    /// Makes rows with a message in `envelope` for a topic that `isMissing` rows of unknown topics.
    public mutating func noteUnknownTopics(
      in envelope: Envelope,
      where isMissing: (String) -> Bool
    ) {
      let missing = Set(envelope.topics.indices.filter { isMissing(envelope.topics[$0]) })
      if missing.isEmpty { return }
      var seen: Set<Int32> = []
      for (message, position) in zip(envelope.messages, composition.positions)
      where missing.contains(Int(message.topic)) && seen.insert(position).inserted {
        composition.unknownTopics.append((position, envelope.topic(of: message)))
      }
    }
  }

  /// The bytes of the messages in `envelope`.
  public static func bytes(_ content: Content, of envelope: Envelope) -> [UInt8] {
    let contents = envelope.takeContents()
    var output = PinnedWriter(capacity: contents.bytes.count + contents.messages.count * 80)
    output.append(version)
    output.append(envelope.topics)
    output.append(envelope.headerNames)
    output.append(contents.bytes.bytes)
    output.append(contents.headers.count)
    for header in contents.headers {
      output.append(Int(header.name))
      output.append(header.value)
    }
    output.append(contents.messages.count)
    for message in contents.messages {
      output.append(Int(message.topic))
      output.append(Int(message.partition))
      output.append(message.key)
      output.append(message.value)
      output.append(message.headers)
    }
    envelope.put(contents)
    output.append(content)
    return output.bytes
  }

  /// Puts the messages that `bytes` hold into `envelope`, which is emptied first; nil if they are
  /// damaged.
  public static func read(_ bytes: [UInt8], into envelope: Envelope) -> Content? {
    bytes.withUnsafeBytes { buffer -> Content? in
      var input = PinnedReader(buffer)
      guard input.integer() == version, let topics = input.texts(),
        let names = input.texts(), let block = input.block()
      else { return nil }
      var contents = envelope.takeContents()
      contents.removeAll()
      contents.bytes.append(block)
      let content = input.content(
        into: &contents,
        topicCount: topics.count,
        nameCount: names.count
      )
      if content == nil { contents.removeAll() }
      envelope.put(contents)
      envelope.topics = topics
      envelope.headerNames = names
      return content
    }
  }
}
