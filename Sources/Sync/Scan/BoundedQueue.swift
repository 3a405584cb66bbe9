internal import Blocking
internal import Synchronization

/// Hands elements from one task to another, at most `capacity` ahead.
///
/// Elements need not be Sendable: who sends one gives it up. One sender, one receiver. This is the
/// back-pressure of a run: a sender waits while the queue is full, by number or by bytes, so that
/// memory does not grow with the result. An empty queue takes an element of any size.
final class BoundedQueue<Element>: Sendable {
  private struct State {
    var elements: [(box: Handover<Element>, byteCount: Int)] = []
    var byteCount = 0
    var isClosed = false
    var sender: CheckedContinuation<Bool, Never>?
    var receiver: CheckedContinuation<Void, Never>?
    let capacity: Int
    let byteCountMax: Int

    var hasRoom: Bool { elements.count < capacity && byteCount < byteCountMax }
  }

  private let state: Mutex<State>

  /// Room for `capacity` elements as long as those in it are fewer than `byteCountMax` bytes.
  init(capacity: Int, byteCountMax: Int = .max) {
    state = Mutex(State(capacity: capacity, byteCountMax: byteCountMax))
  }

  /// Whether a sender would not wait.
  var hasRoom: Bool { state.withLock { $0.hasRoom } }

  /// Adds `element` of `byteCount` bytes at the end, waiting for room; false once the queue is closed.
  func send(_ element: sending Element, byteCount: Int = 0) async -> Bool {
    let hasRoom = await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.isClosed { return false }
        if state.hasRoom { return true }
        state.sender = continuation
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
    guard hasRoom else { return false }
    let box = Handover(element)
    let receiver = state.withLock { state in
      state.elements.append((box, byteCount))
      state.byteCount += byteCount
      defer { state.receiver = nil }
      return state.receiver
    }
    receiver?.resume()
    return true
  }

  /// The next element where there is one already.
  func poll() -> sending Element? {
    let (box, sender) = state.withLock { state in
      let element = state.elements.isEmpty ? nil : state.elements.removeFirst()
      state.byteCount -= element?.byteCount ?? 0
      return (element?.box, state.hasRoom ? state.sender.take() : nil)
    }
    sender?.resume(returning: true)
    return box?.take()
  }

  /// The next element, nil once the queue is closed and empty.
  func receive() async -> sending Element? {
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if !state.elements.isEmpty || state.isClosed { return true }
        state.receiver = continuation
        return false
      }
      if isReady { continuation.resume() }
    }
    return poll()
  }

  /// Ends the queue: what is in it can still be received, nothing more is taken.
  func close() {
    let (sender, receiver) = state.withLock { state in
      state.isClosed = true
      defer { (state.sender, state.receiver) = (nil, nil) }
      return (state.sender, state.receiver)
    }
    sender?.resume(returning: false)
    receiver?.resume()
  }
}
