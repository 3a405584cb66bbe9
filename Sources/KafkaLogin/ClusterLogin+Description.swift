import Blocking
import Tracing

extension ClusterLogin {
  /// Asks the first broker that answers for the cluster and its topics, over a connection of its
  /// own; nil if none tells in time.
  public func description(timeout: Duration) async -> ClusterDescription? {
    await withCheckedContinuation { waiting in
      BlockingThread.start { [self] in
        var description: ClusterDescription?
        do throws(LoginError) {
          let deadline = Deadline(after: timeout)
          description = try connectToAny(before: deadline).describeCluster(before: deadline)
        } catch {
          trace("description", error.description)
        }
        waiting.resume(returning: description)
      }
    }
  }
}
