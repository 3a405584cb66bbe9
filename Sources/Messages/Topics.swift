/// The topics of a run: what the cluster has, and their numbers in message batches.
///
/// Used by the composer and by the code that asks the cluster, one after the other.
public final class Topics {
  /// What the cluster said of a topic.
  public enum Partitions: Sendable, Hashable {
    /// It has this many, at least one.
    case count(Int)
    /// It does not exist.
    case unknown
  }

  /// Names, by number.
  public private(set) var names: [String] = []
  private var partitions: [Int] = []
  private var numbers: [String: Int32] = [:]
  private var next: [Int] = []
  private let firstPartition: Int
  private let lookUp: @Sendable (String) -> Partitions

  /// Creates an empty directory; `lookUp` is asked once for each topic until it is known.
  ///
  /// Round-robin begins at `firstPartition`, so that many small runs do not all fill partition 0.
  public init(firstPartition: Int = 0, lookUp: @escaping @Sendable (String) -> Partitions) {
    self.firstPartition = firstPartition
    self.lookUp = lookUp
  }

  /// Number and partitions of the topic `name`; no partitions where it does not exist.
  func find(_ name: String) -> (number: Int32, partitions: Int) {
    let number = numbers[name] ?? add(name)
    if partitions[Int(number)] == 0, case .count(let count) = lookUp(name) {
      partitions[Int(number)] = count
    }
    return (number, partitions[Int(number)])
  }

  /// The next partition in turn.
  func nextPartition(of number: Int32) -> Int32 {
    let index = Int(number)
    defer { next[index] += 1 }
    return Int32((firstPartition + next[index]) % partitions[index])
  }

  private func add(_ name: String) -> Int32 {
    let number = Int32(names.count)
    names.append(name)
    partitions.append(0)
    next.append(0)
    numbers[name] = number
    return number
  }
}

// One task composes; nobody else touches it meanwhile.
extension Topics: @unchecked Sendable {}
