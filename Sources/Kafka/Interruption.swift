import Synchronization

/// A wish to stop that any thread may state and that is never taken back.
final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)

  var isRequested: Bool { flag.load(ordering: .relaxed) }

  func request() {
    flag.store(true, ordering: .relaxed)
  }
}
