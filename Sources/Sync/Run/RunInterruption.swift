internal import Settings
internal import Synchronization

internal import Reports

/// Asks a run to end early; from any thread.
public final class RunInterruption: Sendable {
  private struct State {
    var isRequested = false
    var actions: [Int: @Sendable () -> Void] = [:]
    var registrations = 0
  }

  private let state = Mutex(State())

  /// Nothing asked.
  public init() {}

  /// Whether somebody asked.
  public var isRequested: Bool { state.withLock { $0.isRequested } }

  /// Asks the run to end: what is acknowledged is committed, nothing more is sent.
  public func request() {
    let actions = state.withLock { state in
      state.isRequested = true
      defer { state.actions = [:] }
      return state.actions
    }
    for (_, action) in actions.sorted(by: { $0.key < $1.key }) { action() }
  }

  /// Does `action` when somebody asks, at once if somebody has.
  ///
  /// Returns the number by which ``forget(_:)`` ends that.
  @discardableResult
  func onRequest(_ action: @escaping @Sendable () -> Void) -> Int {
    let (number, isRequested) = state.withLock { state in
      state.registrations += 1
      if !state.isRequested { state.actions[state.registrations] = action }
      return (state.registrations, state.isRequested)
    }
    if isRequested { action() }
    return number
  }

  /// Ends the registration with this number, and what its action holds.
  func forget(_ registration: Int) { state.withLock { $0.actions[registration] = nil } }

  /// What `work` gives, unless the run is asked to end before: then this throws at once.
  ///
  /// For calls that wait for a broker and cannot be stopped; what such a call gives later, if the
  /// process lives so long, is lost.
  func race<Answer: Sendable>(
    _ work: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    var registration = 0
    defer { forget(registration) }
    return try await withCheckedThrowingContinuation { continuation in
      let race = Race(continuation)
      Task {
        do {
          race.end(.success(try await work()))
        } catch {
          race.end(.failure(error))
        }
      }
      registration = onRequest { race.end(.failure(Self.error)) }
    }
  }

  func check() throws(RunError) {
    if isRequested { throw Self.error }
  }

  /// What a run that was asked to end says.
  static let error = RunError(
    .interrupted,
    "the run was interrupted by a signal: what Kafka acknowledged is remembered, the next run "
      + "continues from there",
    kind: .interrupted
  )
}

/// Resumes a continuation with whatever comes first.
private final class Race<Answer: Sendable>: Sendable {
  private let waiting: Mutex<CheckedContinuation<Answer, any Error>?>

  init(_ continuation: CheckedContinuation<Answer, any Error>) {
    waiting = Mutex(continuation)
  }

  func end(_ result: Result<Answer, any Error>) {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(with: result)
  }
}
