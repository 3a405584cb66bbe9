import Messages
import TestSupport
import Testing

@testable import Sync

/// What the search decides, without a broker: a request is refused if a bad message is in it.
@Suite struct RefusalSearchTests {
  /// Searches as the deliveries do, and counts.
  private func search(
    _ messages: [Int],
    bad: Set<Int>,
    stopsAtRefusal: Bool,
    suspicion: ((Int) -> Int)? = nil
  ) -> (blamed: [Int], rounds: Int, requests: Int) {
    var search = RefusalSearch<Int>()
    search.add(messages, at: .full)
    var (blamed, rounds, requests): ([Int], Int, Int) = ([], 0, 0)
    while let round = search.next(suspicion: suspicion) {
      rounds += 1
      let size = round.width.messages ?? max(round.messages.count, 1)
      var isSpoiled = false
      for start in stride(from: 0, to: round.messages.count, by: size) {
        let request = Array(round.messages[start..<min(start + size, round.messages.count)])
        if isSpoiled {
          search.add(request, at: round.width)
          continue
        }
        requests += 1
        guard !bad.isDisjoint(with: request) else {
          search.clear(request.count, at: round.width)
          continue
        }
        isSpoiled = stopsAtRefusal
        if round.width == .one {
          blamed += request
        } else {
          search.refuse(request, at: round.width)
        }
      }
    }
    return (blamed.sorted(), rounds, requests)
  }

  @Test(arguments: [0, 1, 3, 100, 999, 1000], [false, true])
  func `exactly the messages that are refused alone are blamed`(count: Int, stops: Bool) {
    var random = SeededGenerator(state: UInt64(count))
    let bad = Set((0..<1000).shuffled(using: &random).prefix(count))
    let found = search(Array(0..<1000), bad: bad, stopsAtRefusal: stops)
    #expect(found.blamed == bad.sorted())
  }

  @Test func `one bad message of ten thousand costs a few hundred requests, not ten thousand`() {
    let found = search(Array(0..<10_000), bad: [7777], stopsAtRefusal: true)
    #expect(found.blamed == [7777])
    #expect(found.rounds <= 5 && found.requests < 400, "\(found)")
  }

  @Test func `bad messages that are suspected stand together and clear the others at once`() {
    let bad = Set(stride(from: 0, to: 1000, by: 10))
    let blind = search(Array(0..<1000), bad: bad, stopsAtRefusal: false)
    let guided = search(Array(0..<1000), bad: bad, stopsAtRefusal: false) {
      bad.contains($0) ? 1 : 0
    }
    #expect(guided.blamed == blind.blamed)
    #expect(guided.requests < blind.requests / 4, "\(guided) \(blind)")
  }

  @Test func `attempts are counted by what they achieved, whatever is reset between them`() {
    var persistence = Persistence(failuresMax: 3)
    // Five attempts, each with a row more: none of them counts as one without progress.
    let rows = (1...5).map { persistence.allowsAnother(achieved: $0) }
    #expect(rows.allSatisfy { $0 })
    let more = [5, 5].map { persistence.allowsAnother(achieved: $0) }
    #expect(more == [true, false])
    var idle = Persistence(failuresMax: 3)
    let none = [0, 0, 0].map { idle.allowsAnother(achieved: $0) }
    #expect(none == [true, true, false])
  }

  @Test(
    arguments: [
      (.refusedWithRequest, .full, "suspect"), (.refusedWithRequest, .some, "suspect"),
      (.refusedWithRequest, .one, "refused"), (.refused, .full, "refused"),
      (.unknownTopicOrPartition, .full, "refused"), (.unknown, .one, "untried"),
      (.stopped, .full, "untried"),
    ] as [(UndeliveredMessage.Fate, RequestWidth, String)]
  )
  func `each fate has one consequence`(
    fate: UndeliveredMessage.Fate,
    width: RequestWidth,
    what: String
  ) {
    let error = DeliveryFailure(.other, "x")
    let outcome = SendingOutcome(
      [UndeliveredMessage(index: 4, error: error, fate: fate)],
      of: 10,
      at: width
    )
    #expect(outcome.accepted == 9)
    #expect(outcome.suspects == (what == "suspect" ? [4] : []))
    #expect(outcome.refused.map(\.index) == (what == "refused" ? [4] : []))
    #expect(outcome.untried == (what == "untried" ? [4] : []))
    #expect((outcome.failure != nil) == (what == "untried"))
  }

  @Test func `a missing right is told before what else came of it`() {
    let purged = UndeliveredMessage(
      index: 0,
      error: DeliveryFailure(.other, "purged"),
      fate: .stopped
    )
    let right = UndeliveredMessage(
      index: 1,
      error: DeliveryFailure(.denied, "no right"),
      fate: .stopped
    )
    #expect(SendingOutcome([purged, right], of: 2, at: .full).failure?.index == 1)
    #expect(SendingOutcome([right, purged], of: 2, at: .full).failure?.index == 1)
  }
}

@Suite struct BatchCourseTests {
  private static let error = DeliveryFailure(.other, "refused")

  private func next(
    _ course: inout BatchCourse,
    nullValues: [Int] = [],
    _ verdict: (Int) -> StandingPlaces.Verdict = { _ in .free }
  ) -> (step: BatchCourse.Step, withheld: Set<Int>) {
    var withheld: Set<Int> = []
    let step = course.next(nullValues: { nullValues }, verdict: verdict, withheld: &withheld)
    return (step, withheld)
  }

  @Test func `null values leave when the rows' own messages are settled, not before`() {
    var course = BatchCourse([0, 1])
    #expect(next(&course).step == .send(.init(width: .full, messages: [0, 1])))
    #expect(next(&course, nullValues: [2]).step == .wait)
    _ = course.take([])
    #expect(next(&course, nullValues: [2]).step == .ownSettled)
    #expect(next(&course).step == .send(.init(width: .full, messages: [2])))
    #expect(!course.isSettled)
    _ = course.take([])
    #expect(next(&course).step == .settled)
  }

  @Test
  func
    `a null value waits for a message under way to its place, and is withheld for one that stands`()
  {
    var course = BatchCourse([0])
    _ = next(&course)
    _ = course.take([])
    #expect(next(&course, nullValues: [1, 2]).step == .ownSettled)
    #expect(next(&course) { $0 == 1 ? .undecided : .free }.step == .wait)
    let (step, withheld) = next(&course) { $0 == 1 ? .taken : .free }
    #expect(step == .send(.init(width: .full, messages: [2])) && withheld == [1])
  }

  @Test func `a batch with a message of unknown fate is never settled`() {
    var course = BatchCourse([0, 1])
    _ = next(&course)
    let failure = UndeliveredMessage(index: 1, error: Self.error, fate: .unknown)
    #expect(course.take([failure]).failure != nil)
    #expect(next(&course).step == .send(.init(width: .full, messages: [1])))
    #expect(!course.isSettled)
  }

  @Test func `refused messages are tried in smaller requests, and nothing overtakes them`() {
    var course = BatchCourse(Array(0..<100))
    _ = next(&course)
    let failures = (0..<100).map {
      UndeliveredMessage(index: $0, error: Self.error, fate: .refusedWithRequest)
    }
    #expect(course.take(failures).refused.isEmpty)
    #expect(course.isSearching)
    #expect(next(&course).step == .send(.init(width: .some, messages: Array(0..<100))))
    #expect(course.isSearching)
    // All but the first request of 32 passes: those are tried alone.
    _ = course.take(Array(failures.prefix(32)))
    #expect(next(&course).step == .send(.init(width: .one, messages: Array(0..<32))))
  }
}

@Suite struct StandingPlacesTests {
  private let place = Place(high: 1, low: 2)

  @Test func `a place is decided by what becomes of the message under way to it`() {
    var places = StandingPlaces()
    #expect(places.verdict(on: place) == .free)
    places.send(to: [place, place])
    places.resolve([place], arrived: [])
    #expect(places.verdict(on: place) == .undecided)
    places.resolve([place], arrived: [])
    #expect(places.verdict(on: place) == .free)
    places.send(to: [place])
    places.resolve([place], arrived: [place])
    #expect(places.verdict(on: place) == .taken)
  }

  @Test func `places survive as bytes`() {
    let places = [place, Place(high: .max, low: 0)]
    let read = StandingPlaces(bytes: StandingPlaces.bytes(of: places))
    #expect(places.allSatisfy { read.isTaken($0) } && !read.isTaken(Place(high: 2, low: 1)))
  }
}
