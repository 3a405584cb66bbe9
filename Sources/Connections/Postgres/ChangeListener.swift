internal import Blocking
internal import Postgres
public import Settings

/// Hears when a source announces that it has changed.
public struct ChangeListener: Sendable {
  /// Kind and name of the source.
  public let name: String
  private let parameters: [(keyword: String, value: String)]
  private let channel: String

  /// Listens to the source `name` on `channel`; nil if such a source announces nothing.
  public init?(_ name: String, _ settings: SourceSettings, channel: String) {
    switch settings {
    case .postgres(let parameters, _, _):
      self.name = "postgres \(name)"
      self.parameters = parameters.map { ($0.keyword, $0.value.exposed) }
      self.channel = channel
    case .sqlite: return nil
    }
  }

  /// How long nobody listens after a connection broke.
  private static let pause = Duration.seconds(5)

  /// Calls `heard` after each announcement, and whenever one may have been missed, until the task is
  /// cancelled.
  ///
  /// A connection that cannot be made or breaks is told to `failed`, once until it stands again, and
  /// tried again; `wait` lets time pass.
  public func run(
    heard: @escaping @Sendable () -> Void,
    failed: @escaping @Sendable (String) -> Void,
    wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async {
    let wakeup = Wakeup()
    var told: String?
    while !Task.isCancelled {
      let reason = await withTaskCancellationHandler {
        await listen(wakeup, heard)
      } onCancel: {
        wakeup.wake()
      }
      guard let reason, !Task.isCancelled else { return }
      if told != reason { failed(reason) }
      told = reason
      do { try await wait(Self.pause) } catch { return }
    }
  }

  /// Listens until the connection breaks, and returns why; nil if nobody wants to hear any longer.
  private func listen(_ wakeup: Wakeup, _ heard: @escaping @Sendable () -> Void) async -> String? {
    let (parameters, channel) = (parameters, channel)
    do throws(PostgresError) {
      try await onThread { () throws(PostgresError) in
        try PostgresListener.listen(
          parameters: parameters,
          channel: channel,
          wakeup: wakeup,
          heard: heard
        )
      }
      return nil
    } catch {
      return error.message
    }
  }
}
