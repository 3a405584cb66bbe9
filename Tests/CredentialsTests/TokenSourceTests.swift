import Settings
import Testing

@testable import Credentials

@Suite struct TokenSourceTests {
  // The claims are {"sub":"me","exp":4102444800}.
  private static let token = "e30.eyJzdWIiOiJtZSIsImV4cCI6NDEwMjQ0NDgwMH0.e30"

  @Test func `a fixed token tells its own end and principal`() throws {
    let token = try TokenSource.fixed(Secret(Self.token)).fetch(timeout: .seconds(300))
    #expect(token.expires == 4_102_444_800)
    #expect(token.principal == "me")
  }

  @Test func `an opaque token is taken to last an hour`() throws {
    let token = try TokenSource.fixed(Secret("opaque")).fetch(timeout: .seconds(300))
    #expect(abs(token.expires - TokenKeeper.now - 3600) < 5)
  }

  @Test func `a command may print a token or JSON`() throws {
    let bare = try TokenSource.command("echo \(Self.token)").fetch(timeout: .seconds(300))
    #expect(bare.token.exposed == Self.token)
    let json = #"echo '{"access_token": "abc", "expires_in": 60}'"#
    let hidden = try TokenSource.command("echo ${HOME-none}", hiding: ["HOME"])
      .fetch(timeout: .seconds(300))
    #expect(hidden.token.exposed == "none")
    let other = try TokenSource.command(json).fetch(timeout: .seconds(300))
    #expect(other.token.exposed == "abc")
    #expect(abs(other.expires - TokenKeeper.now - 60) < 5)
  }

  @Test(arguments: [
    "exit 1", "true", "echo 'two words'", "echo '{}'", "echo '{'", "printf 'a\\001b'",
    "head -c 100000 /dev/zero",
  ])
  func `a command that gives no token is an error`(command: String) {
    #expect(throws: CredentialError.self) {
      try TokenSource.command(command).fetch(timeout: .seconds(300))
    }
  }

  @Test func `a command that hangs ends with its children at the timeout`() {
    let error = #expect(throws: CredentialError.self) {
      try TokenSource.command("sleep 60 & sleep 60").fetch(timeout: .milliseconds(200))
    }
    #expect(error?.code == .timedOut)
  }

  @Test func `a token is kept until a fifth of its life is left`() throws {
    let counter = Counter()
    let keeper = TokenKeeper { () throws(CredentialError) in
      let lifetime = counter.next() == 1 ? 1000 : 0
      return BearerToken(token: Secret("t"), expires: TokenKeeper.now + lifetime, principal: "p")
    }
    _ = try keeper.token()
    _ = try keeper.token()
    #expect(counter.count == 1)
    _ = try keeper.freshToken()
    _ = try keeper.token()
    #expect(counter.count == 3)
  }

  private final class Counter: @unchecked Sendable {
    // Used by one thread only.
    private(set) var count = 0

    func next() -> Int {
      count += 1
      return count
    }
  }
}
