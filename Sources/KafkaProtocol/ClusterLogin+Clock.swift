import Credentials
import Blocking
import Settings

extension ClusterLogin {
  /// Says more of a refused IAM token: the brokers refuse one that was signed at another time with
  /// the words they have for a wrong key.
  func explained(_ error: LoginError, before deadline: Deadline) -> LoginError {
    guard error.code == .credentials, case .msk(let identity) = settings.mechanism else {
      return error
    }
    var error = error
    let chain = AWSCredentialChain(identity: identity)
    let broker = settings.brokers.first ?? ""
    guard let skew = chain.clockSkew(broker: broker, now: now, before: deadline) else {
      error.hint =
        "are keys, region and this machine's clock right? it says \(MSKToken.clock(now()))"
      return error
    }
    guard abs(skew) >= Self.noticeableSkew else {
      error.hint = "are keys and region right, and may they connect here? (the clock is right)"
      return error
    }
    let direction = skew > 0 ? "ahead of" : "behind"
    error.message += "; this machine's clock is \(Self.text(abs(skew))) \(direction) Amazon's"
    error.hint = "set the clock: it says \(MSKToken.clock(now())), and tokens are signed by it"
    return error
  }

  private static let noticeableSkew = 30

  private static func text(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    default: "\(seconds / 3600) h"
    }
  }
}
