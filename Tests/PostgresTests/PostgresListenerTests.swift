import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// Announcements by a real server's `NOTIFY`.
@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresListenerTests {
  /// Counts what was heard, and lets a test wait for it.
  private final class Ear: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func hear() { continuation.yield() }
    func end() { continuation.finish() }
  }

  /// Listens on a thread of its own; the error that ended it, nil if it was woken.
  private func listen(
    _ cluster: PostgresCluster,
    _ channel: String,
    _ wakeup: Wakeup,
    _ ear: Ear
  ) async -> PostgresError? {
    let parameters = cluster.parameters()
    return await withCheckedContinuation { waiting in
      Thread.detachNewThread {
        do throws(PostgresError) {
          try PostgresListener.listen(
            parameters: parameters,
            channel: channel,
            wakeup: wakeup,
            heard: ear.hear
          )
          waiting.resume(returning: nil)
        } catch {
          waiting.resume(returning: error)
        }
        ear.end()
      }
    }
  }

  @Test func `announcements on a channel are heard, and those on others are not`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let (wakeup, ear) = (Wakeup(), Ear())
    // A name that needs quotes.
    async let end = listen(cluster, "Orders \"x\"", wakeup, ear)
    var heard = ear.stream.makeAsyncIterator()
    // The connection stands.
    _ = await heard.next()
    _ = cluster.run("NOTIFY other; NOTIFY \"Orders \"\"x\"\"\", 'payload'")
    _ = await heard.next()
    let both = ["a", "b"].map { "NOTIFY \"Orders \"\"x\"\"\", '\($0)'; " }.joined()
    _ = cluster.run("BEGIN; \(both)COMMIT")
    _ = await heard.next()
    wakeup.wake()
    #expect(await end == nil)
  }

  @Test func `a connection that the server ends is an error with its reason`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let (wakeup, ear) = (Wakeup(), Ear())
    async let end = listen(cluster, "c", wakeup, ear)
    var heard = ear.stream.makeAsyncIterator()
    _ = await heard.next()
    _ = cluster.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"c\"'"
    )
    let error = await end
    #expect(error?.message.contains("terminating connection") == true)
  }
}
