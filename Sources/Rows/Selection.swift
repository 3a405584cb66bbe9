/// Which messages of a batch are sent, and how they are spread over requests.
public enum Selection: Sendable, Hashable {
  /// Every message.
  case all
  /// Those with these indexes, in this order.
  case subset([Int])
  /// Those with these indexes, at most so many of them in one request.
  ///
  /// They are sent after everything that was submitted before is settled, by a client of their
  /// own. With one message a request a refusal blames the right one.
  case isolated([Int], perRequest: Int)

  /// The indexes, of a batch with `count` messages.
  public func indexes(of count: Int) -> [Int] {
    switch self {
    case .all: Array(0..<count)
    case .subset(let indexes), .isolated(let indexes, _): indexes
    }
  }

  /// How many messages they are, of a batch with `count` messages.
  public func count(of count: Int) -> Int {
    switch self {
    case .all: count
    case .subset(let indexes), .isolated(let indexes, _): indexes.count
    }
  }
}
