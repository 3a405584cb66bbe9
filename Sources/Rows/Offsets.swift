/// Which messages of an envelope were acknowledged, and the offsets that brokers gave them.
public struct Offsets: Sendable {
  @usableFromInline var values: [Int64]

  /// Of a message that is not acknowledged; no broker gives such an offset.
  private static let none = Int64.min

  /// Begins with `count` messages of which none is acknowledged.
  public init(count: Int) {
    values = Array(repeating: Self.none, count: count)
  }

  /// Notes that the message with `index` arrived; brokers may keep its `offset` to themselves, which
  /// is then negative.
  @inlinable
  public mutating func acknowledge(_ index: Int, offset: Int64) { values[index] = offset }

  /// How many messages there are.
  public var count: Int { values.count }

  /// Whether the message with `index` arrived.
  public func isAcknowledged(_ index: Int) -> Bool { values[index] != Self.none }

  /// The offset of the message with `index`; nil if it did not arrive, or no broker told.
  public subscript(index: Int) -> Int? {
    let value = values[index]
    return value < 0 ? nil : Int(value)
  }
}
