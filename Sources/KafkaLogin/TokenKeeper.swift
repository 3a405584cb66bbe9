import Blocking
import Glibc
import Settings

/// Fetches tokens and keeps each until a fifth of its life is left.
final class TokenKeeper: Sendable {
  private let fetch: @Sendable () throws(LoginError) -> BearerToken
  private let monitor = Monitor()
  // Unsafe for the compiler only: every access holds `monitor`.
  nonisolated(unsafe) private var kept: (token: BearerToken, until: Int)?

  init(_ fetch: @escaping @Sendable () throws(LoginError) -> BearerToken) {
    self.fetch = fetch
  }

  /// A token that is still good for a while; blocks while a new one is fetched.
  func token() throws(LoginError) -> BearerToken {
    let now = Self.now
    if let kept = monitor.withLock({ kept }), kept.until > now { return kept.token }
    let token = try fetch()
    let until = now + (token.expires - now) * 4 / 5
    monitor.withLock { kept = (token, until) }
    return token
  }

  /// A token that was never given out before.
  func freshToken() throws(LoginError) -> BearerToken {
    monitor.withLock { kept = nil }
    return try token()
  }

  static var now: Int { time(nil) }
}
