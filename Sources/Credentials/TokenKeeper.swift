import Blocking
import Glibc
public import Tracing

/// Fetches tokens and keeps each until a fifth of its life is left.
public final class TokenKeeper: Sendable {
  private let fetch: @Sendable () throws(CredentialError) -> BearerToken
  private let trace: Trace
  private let monitor = Monitor()
  // Unsafe for the compiler only: every access holds `monitor`.
  nonisolated(unsafe) private var kept: (token: BearerToken, until: Int)?

  /// Creates a keeper without a token; `fetch` may block.
  public init(
    _ trace: Trace = Trace(nil),
    _ fetch: @escaping @Sendable () throws(CredentialError) -> BearerToken
  ) {
    self.trace = trace
    self.fetch = fetch
  }

  /// A token that is still good for a while; blocks while a new one is fetched.
  ///
  /// Throws what fetching throws.
  public func token() throws(CredentialError) -> BearerToken {
    let now = Self.now
    if let kept = monitor.withLock({ kept }), kept.until > now { return kept.token }
    let token = try fetch()
    trace("login", "a token of \(token.principal) for \(token.expires - now) s")
    let until = now + (token.expires - now) * 4 / 5
    monitor.withLock { kept = (token, until) }
    return token
  }

  /// A token that was never given out before.
  ///
  /// Throws what fetching throws.
  public func freshToken() throws(CredentialError) -> BearerToken {
    monitor.withLock { kept = nil }
    return try token()
  }

  /// This machine's clock, in seconds since 1970.
  public static var now: Int { time(nil) }
}
