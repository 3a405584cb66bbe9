import Blocking
import Testing

@testable import Sync

@Suite struct BoundedQueueTests {
  /// Not Sendable: the one who sends it gives it up.
  private final class Parcel {
    let number: Int

    init(_ number: Int) { self.number = number }
  }

  @Test func `elements arrive in order, however far the sender is ahead`() async {
    let queue = BoundedQueue<Parcel>(capacity: 2)
    let received = await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<1000 { _ = await queue.send(Parcel(number)) }
        queue.close()
      }
      var received: [Int] = []
      while let parcel = await queue.receive() { received.append(parcel.number) }
      return received
    }
    #expect(received == Array(0..<1000))
  }

  @Test func `a closed queue gives out what it holds and takes nothing more`() async {
    let queue = BoundedQueue<Parcel>(capacity: 2)
    #expect(await queue.send(Parcel(1)))
    queue.close()
    #expect(await !queue.send(Parcel(2)))
    #expect(await queue.receive()?.number == 1)
    #expect(await queue.receive() == nil)
    #expect(queue.poll() == nil)
  }

  @Test func `closing wakes a sender that waits for room`() async {
    let queue = BoundedQueue<Parcel>(capacity: 1)
    #expect(await queue.send(Parcel(1)))
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await queue.send(Parcel(2)) }
      // Before or after the sender waits: it must end either way.
      queue.close()
      for await isSent in group { #expect(!isSent) }
    }
  }

  @Test func `bytes bound a queue as well, and an empty one takes an element of any size`() async {
    let queue = BoundedQueue<Parcel>(capacity: 9, byteCountMax: 10)
    #expect(await queue.send(Parcel(1), byteCount: 100))
    #expect(!queue.hasRoom)
    #expect(queue.poll()?.number == 1)
    #expect(await queue.send(Parcel(2), byteCount: 9))
    #expect(queue.hasRoom)
    #expect(await queue.send(Parcel(3), byteCount: 50))
    // What leaves makes no room for the sender that waits, as long as too much is left.
    #expect(queue.poll()?.number == 2)
    #expect(!queue.hasRoom)
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await queue.send(Parcel(4)) }
      #expect(await queue.receive()?.number == 3)
      for await isSent in group { #expect(isSent) }
    }
    #expect(await queue.receive()?.number == 4)
  }

  @Test func `closing wakes a receiver that waits for an element`() async {
    let queue = BoundedQueue<Parcel>(capacity: 1)
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await queue.receive() == nil }
      queue.close()
      for await isEmpty in group { #expect(isEmpty) }
    }
  }

  @Test func `what is handed over can be taken once`() {
    let handover = Handover(Parcel(7))
    #expect(handover.take()?.number == 7)
    #expect(handover.take() == nil)
  }
}
