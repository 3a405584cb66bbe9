import Blocking
import Tracing

extension ClusterLogin {
  /// Asks the first broker that answers for the cluster and its topics, over a connection of its
  /// own; nil if none tells in time.
  public func description(timeout: Duration) async -> Cluster? {
    await onThread { [self] in
      do throws(LoginError) {
        let deadline = Deadline(after: timeout)
        return try connectToAny(before: deadline).describeCluster(before: deadline)
      } catch {
        trace("description", error.description)
        return nil
      }
    }
  }
}
