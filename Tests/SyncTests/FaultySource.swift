import Sync
import Reports
import Rows
import Settings
import Synchronization

/// A source that fails at one call, or tells when it is about to read.
final class FaultySource: RowSource {
  private let source: any RowSource
  private let failingCall: Int
  private let onRead: @Sendable () -> Void
  private let calls = Mutex(0)

  init(
    _ source: any RowSource,
    failingCall: Int = 0,
    onRead: @escaping @Sendable () -> Void = {}
  ) {
    self.source = source
    self.failingCall = failingCall
    self.onRead = onRead
  }

  var name: String { source.name }

  func origin() async throws -> SourceOrigin { try await source.origin() }

  private func count() throws {
    let call = calls.withLock { calls in
      calls += 1
      return calls
    }
    guard call == failingCall else { return }
    throw RunError(.failed, "the source fails at call \(call)", kind: .failedQuery)
  }

  func open(_ model: ModelSettings) async throws -> Shape {
    try count()
    return try await source.open(model)
  }

  func read(into page: Page) async throws -> Bool {
    onRead()
    try count()
    return try await source.read(into: page)
  }

  func query(_ select: String, into page: Page) async throws {
    try count()
    try await source.query(select, into: page)
  }

  func close() async { await source.close() }

  func cancel() { source.cancel() }
}
