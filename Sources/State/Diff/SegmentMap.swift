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
    var low = 0
    var high = segments.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if segments[middle].first <= index { low = middle } else { high = middle }
    }
    last = low
    return segments[low]
  }

  mutating func reference(to index: Int) -> RowReference {
    let segment = segment(of: index)
    return RowReference(segment: segment.number, slot: UInt32(index - segment.first))
  }

  /// The entry that `reference` names, nil if its segment is not part of the snapshot.
  func index(of reference: RowReference) -> Int? {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].number < reference.segment { low = middle + 1 } else { high = middle }
    }
    guard low < segments.count, segments[low].number == reference.segment,
      Int(reference.slot) < segments[low].count
    else { return nil }
    return segments[low].first + Int(reference.slot)
  }
}
