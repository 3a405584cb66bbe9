/// Runs `body`, which may block, on a thread of its own, and waits for it without blocking.
///
/// Task-local values do not reach that thread. Throws what `body` throws. Cancelling the task does
/// not end the wait: `body` must have an end of its own.
public func onThread<Success: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () throws(Failure) -> Success
) async throws(Failure) -> Success {
  let result: Result<Success, Failure> = await withCheckedContinuation { waiting in
    BlockingThread.start {
      waiting.resume(returning: Result { () throws(Failure) in try body() })
    }
  }
  return try result.get()
}
