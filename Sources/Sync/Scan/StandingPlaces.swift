internal import Messages

/// Where messages of this run stand or are on their way, so that no null value erases one.
struct StandingPlaces {
  /// What may be done with a null value for a place.
  enum Verdict: Hashable {
    /// Nothing of this run is there.
    case free
    /// A message is on its way there: its fate decides.
    case undecided
    /// Another row's message stands there.
    case taken
  }

  private var standing: Set<Place> = []
  private var underWay: [Place: Int] = [:]

  /// Begins with the places of an earlier, unfinished run, as ``bytes(of:)`` wrote them.
  init(bytes: [UInt8] = []) {
    bytes.withUnsafeBytes { buffer in
      for offset in stride(from: 0, to: buffer.count - buffer.count % 16, by: 16) {
        let high = buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let low = buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        standing.insert(Place(high: UInt64(littleEndian: high), low: UInt64(littleEndian: low)))
      }
    }
  }

  /// 16 bytes a place, little-endian.
  static func bytes(of places: [Place]) -> [UInt8] {
    places.flatMap { place in
      [place.high, place.low].flatMap { half in
        withUnsafeBytes(of: half.littleEndian) { Array($0) }
      }
    }
  }

  /// Notes that messages to these places are sent.
  mutating func send(to places: [Place]) {
    for place in places { underWay[place, default: 0] += 1 }
  }

  /// Notes what became of messages that were sent to `places`: those in `arrived` stand there.
  mutating func resolve(_ places: [Place], arrived: [Place]) {
    for place in places {
      guard let count = underWay[place] else { continue }
      underWay[place] = count > 1 ? count - 1 : nil
    }
    stand(at: arrived)
  }

  /// Notes that messages stand at these places.
  mutating func stand(at places: [Place]) { standing.formUnion(places) }

  /// Whether a message stands at `place`.
  func isTaken(_ place: Place) -> Bool { standing.contains(place) }

  /// Whether a null value for `place` may leave.
  func verdict(on place: Place) -> Verdict {
    if isTaken(place) { return .taken }
    return underWay[place] == nil ? .free : .undecided
  }
}
