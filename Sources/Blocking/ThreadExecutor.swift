import Glibc

/// Runs every job of one actor, in order, on one thread that this executor owns.
///
/// For C libraries that block: they do so here, never on Swift's cooperative pool. The one that creates
/// an executor calls ``stop()`` once; the thread keeps the executor alive until then.
public final class ThreadExecutor: SerialExecutor {
  // Unsafe for the compiler only: every access after `init` holds `monitor`.
  nonisolated(unsafe) private var jobs: [UnownedJob] = []
  nonisolated(unsafe) private var isStopped = false
  private let monitor = Monitor()

  /// Starts the thread.
  public init() {
    BlockingThread.start { [self] in run() }
  }

  /// Adds `job` at the end of the queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    monitor.withLock {
      jobs.append(job)
      monitor.signal()
    }
  }

  /// Ends the thread once the jobs already enqueued have run.
  public func stop() {
    monitor.withLock {
      isStopped = true
      monitor.signal()
    }
  }

  private func run() {
    while let batch = waitForJobs() {
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  private func waitForJobs() -> [UnownedJob]? {
    monitor.withLock {
      while jobs.isEmpty {
        if isStopped { return nil }
        monitor.wait()
      }
      defer { jobs = [] }
      return jobs
    }
  }
}
