import Synchronization

import Glibc

/// Where text goes: standard output, standard error, or a test's memory.
public protocol TextSink: Sendable {
  /// Whether a person reads it as it comes.
  var isTerminal: Bool { get }
  /// How many columns a line has.
  var width: Int { get }
  /// Writes all of `text`; false when that fails.
  func write(_ text: String) -> Bool
}

/// Standard output or standard error.
public struct DescriptorSink: TextSink {
  /// File descriptor 1.
  public static let standardOutput = DescriptorSink(descriptor: 1)
  /// File descriptor 2.
  public static let standardError = DescriptorSink(descriptor: 2)

  let descriptor: Int32

  /// Whether it is a terminal that can move its cursor.
  public var isTerminal: Bool {
    guard isatty(descriptor) == 1 else { return false }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
  }

  /// The terminal's columns; 80 where there is none.
  public var width: Int {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }

  /// Writes all of `text`, waiting while a pipe is full.
  ///
  /// A reader that went away, as `head` does, wants no more: that is not a failure.
  public func write(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  /// Writes all of `bytes`; false when that fails.
  func write(bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { write($0) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EPIPE { return true }
      guard count > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return true
  }
}

/// Keeps what is written, for tests.
public final class MemorySink: TextSink {
  /// Whether it passes for a terminal.
  public let isTerminal: Bool
  /// How many columns a line has.
  public let width: Int
  private let written = Mutex("")

  /// Creates an empty sink.
  public init(isTerminal: Bool = false, width: Int = 80) {
    self.isTerminal = isTerminal
    self.width = width
  }

  /// What was written so far.
  public var text: String { written.withLock { $0 } }

  /// Keeps `text`; never fails.
  public func write(_ text: String) -> Bool {
    written.withLock { $0 += text }
    return true
  }
}
