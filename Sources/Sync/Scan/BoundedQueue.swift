internal import Blocking
internal import Synchronization

/// Hands elements from one task to another, at most `capacity` ahead.
///
/// Elements need not be Sendable: who sends one gives it up. One sender, one receiver. This is the back-pressure of a run: a sender waits while the queue is
/// full, so that memory does not grow with the result.
final class BoundedQueue<Element>: Sendable {
  private struct State {
    var elements: [Handover<Element>] = []
    var isClosed = false
    var sender: CheckedContinuation<Bool, Never>?
    var receiver: CheckedContinuation<Void, Never>?
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Adds `element` at the end, waiting for room; false once the queue is closed.
  func send(_ element: sending Element) async -> Bool {
    let hasRoom = await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.isClosed { return false }
        if state.elements.count < capacity { return true }
        state.sender = continuation
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
    guard hasRoom else { return false }
    let box = Handover(element)
    let receiver = state.withLock { state in
      state.elements.append(box)
      defer { state.receiver = nil }
      return state.receiver
    }
    receiver?.resume()
    return true
  }

  /// The next element where there is one already.
  func poll() -> sending Element? {
    let (element, sender) = state.withLock { state in
      let element = state.elements.isEmpty ? nil : state.elements.removeFirst()
      defer { state.sender = nil }
      return (element, state.sender)
    }
    sender?.resume(returning: true)
    return element?.take()
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
