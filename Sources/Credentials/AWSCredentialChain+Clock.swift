public import Blocking
import Transfer

extension AWSCredentialChain {
  /// Seconds that this machine's clock (`now`) is ahead of Amazon's; nil if that cannot be found out.
  ///
  /// STS answers anybody, and every answer tells its time. Blocks up to three seconds.
  public func clockSkew(
    broker: String,
    now: () -> Int,
    before deadline: Deadline
  ) -> Int? {
    guard let region = try? region(broker: broker) else { return nil }
    let request = HTTPRequest(
      url: securityTokenService(in: region),
      timeout: .milliseconds(Int(deadline.milliseconds(atMost: 3000)))
    )
    guard let response = try? HTTPClient.perform(request) else { return nil }
    return response.date.map { now() - $0 }
  }
}
