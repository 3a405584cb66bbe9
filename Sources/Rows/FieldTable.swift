public import Text

/// Where the fields of one line lie.
///
/// Reused from line to line; never shared.
public struct FieldTable: ~Copyable {
  @usableFromInline let ends: UnsafeMutablePointer<Int>
  /// How many fields a line has.
  public let count: Int
  @usableFromInline var line = UnsafeRawBufferPointer(start: nil, count: 0)

  /// Creates a table for lines of `count` fields.
  public init(count: Int) {
    self.count = count
    ends = .allocate(capacity: max(count, 1))
    ends.initialize(repeating: 0, count: max(count, 1))
  }

  deinit {
    ends.deallocate()
  }

  /// Finds the first `count` fields of `line` (nil for all), which must outlive their use.
  ///
  /// Returns false if the line has fewer, or, when all are asked for, more.
  @inlinable public mutating func split(_ line: UnsafeRawBufferPointer, count: Int? = nil) -> Bool {
    self.line = line
    let wanted = count ?? self.count
    let tabs = line.findBytes(
      UInt8(ascii: "\t"),
      or: UInt8(ascii: "\t"),
      into: ends,
      limit: min(wanted, self.count)
    )
    if tabs == wanted { return count != nil }
    ends[tabs] = line.count
    return tabs == wanted - 1
  }

  /// Field `index`, still escaped; only after a split that reached it.
  @inlinable public subscript(index: Int) -> UnsafeRawBufferPointer {
    @inline(__always) get {
      precondition(index >= 0 && index < count)
      let start = index == 0 ? 0 : ends[index - 1] + 1
      return UnsafeRawBufferPointer(rebasing: line[start..<ends[index]])
    }
  }

  /// Fields `range`, which is not empty, still escaped, with the tabs between them.
  ///
  /// Only after a split that reached them, or, if the range goes to the last field, the one before.
  @inlinable public func joined(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1] + 1
    let end = range.upperBound == count ? line.count : ends[range.upperBound - 1]
    return UnsafeRawBufferPointer(rebasing: line[min(start, end)..<end])
  }

  /// Fields `range`, still escaped, with the tabs between them.
  @inlinable public subscript(range: ClosedRange<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound < count)
    let start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1] + 1
    return UnsafeRawBufferPointer(rebasing: line[start..<ends[range.upperBound]])
  }
}

extension UnsafeRawBufferPointer {
  /// Whether this field is NULL.
  @inlinable public var isNullField: Bool {
    count == 2 && self[0] == UInt8(ascii: "\\") && self[1] == UInt8(ascii: "N")
  }
}
