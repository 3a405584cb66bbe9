/// Which entries belong to which segment of the state file.
struct SegmentMap {
  /// One segment.
  struct Segment {
    var number: UInt32
    var batch: Int
    var shape: Int
    var first: Int
    var count: Int
  }

  private(set) var segments: [Segment] = []
  private(set) var count = 0
  private var last = 0

  mutating func append(number: UInt32, batch: Int, shape: Int, count: Int) {
    segments.append(
      Segment(number: number, batch: batch, shape: shape, first: self.count, count: count)
    )
    self.count += count
  }

  /// The segment of entry `index`, which must be one of the snapshot's.
  ///
  /// O(1) for the segment asked for last, else O(log n).
  mutating func segment(of index: Int) -> Segment {
    let cached = segments[last]
    if index >= cached.first, index < cached.first + cached.count { return cached }
    last = segments.partitionIndex { $0.first <= index } - 1
    return segments[last]
  }

  mutating func reference(to index: Int) -> RowReference {
    let segment = segment(of: index)
    return RowReference(segment: segment.number, slot: UInt32(index - segment.first))
  }

  /// The entry that `reference` names, nil if its segment is not part of the snapshot.
  func index(of reference: RowReference) -> Int? {
    let found = segments.partitionIndex { $0.number < reference.segment }
    guard found < segments.count, segments[found].number == reference.segment,
      Int(reference.slot) < segments[found].count
    else { return nil }
    return segments[found].first + Int(reference.slot)
  }
}

extension Array {
  /// The index of the first element without `isBefore`, which holds for all before it and for none
  /// after it.
  ///
  /// O(log n).
  func partitionIndex(_ isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
