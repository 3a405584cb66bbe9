import Blocking
import Text
import FoundationEssentials
import Glibc
public import Settings
import Transfer

extension TokenSource {
  /// Without any word about it a token is taken to last so long, in seconds.
  private static let assumedLifetime = 3600

  /// Gets a token; blocks at most as long as `timeout`.
  ///
  /// Throws if the source gives none, or not in time.
  public func fetch(timeout: Duration) throws(CredentialError) -> BearerToken {
    switch self {
    case .fixed(let token): try Self.token(of: token.exposed)
    case .command(let text, let hidden):
      try Self.token(
        of: ShellCommand(text, hiding: hidden).output(before: Deadline(after: timeout))
      )
    case .clientCredentials(let client): try Self.ask(client, timeout: timeout)
    }
  }

  /// What a token endpoint answers (RFC 6749 section 5), and what a command may print.
  private struct Answer: Decodable {
    var access_token: String?
    var expires_in: Double?
    var error: String?
    var error_description: String?
  }

  /// The claims of a token that tell when it ends and whose it is.
  private struct Claims: Decodable {
    var exp: Double?
    var sub: String?
  }

  private static func ask(
    _ client: ClientCredentials,
    timeout: Duration
  ) throws(CredentialError) -> BearerToken {
    let response: HTTPResponse
    do {
      response = try HTTPClient.perform(request(client, timeout))
    } catch {
      throw CredentialError(.token, "no token: \(error.description)", context: client.endpoint)
    }
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body))
    guard response.isSuccess, let text = answer?.access_token else {
      let reason = [answer?.error, answer?.error_description].compactMap { $0 }
      let told = reason.isEmpty ? "" : ": \(reason.joined(separator: ", "))"
      throw CredentialError(
        .token,
        "the token endpoint gives no token (HTTP \(response.status))\(told)",
        context: client.endpoint,
        hint: "are client_id, client_secret and scope right?"
      )
    }
    var token = try token(of: text, lasting: answer?.expires_in)
    token.extensions = client.extensions
    return token
  }

  private static func request(_ client: ClientCredentials, _ timeout: Duration) -> HTTPRequest {
    // RFC 6749 section 2.3.1: encoded before they are joined.
    let user = PercentEncoding.text(client.clientID)
    let password = PercentEncoding.text(client.clientSecret.exposed)
    let basic = Base64.text(Array("\(user):\(password)".utf8))
    var form = "grant_type=client_credentials"
    if let scope = client.scope { form += "&scope=\(PercentEncoding.text(scope))" }
    var request = HTTPRequest(
      "POST",
      url: client.endpoint,
      headers: [
        ("Authorization", "Basic \(basic)"), ("Accept", "application/json"),
        ("Content-Type", "application/x-www-form-urlencoded"),
      ],
      body: Array(form.utf8),
      timeout: timeout
    )
    switch client.authorities {
    case .file(let path): request.authorityFile = path
    case .text(let text): request.authorityText = text.exposed
    case nil: break
    }
    return request
  }

  /// Takes a token, or JSON that holds one, and looks into it for its end.
  static func token(of text: String, lasting: Double? = nil) throws(CredentialError) -> BearerToken
  {
    let bare = String(text.drop { $0.isWhitespace }.prefix { !$0.isNewline })
    if bare.hasPrefix("{") {
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8))
      guard let token = answer?.access_token else {
        throw CredentialError(.token, "the command printed JSON without access_token")
      }
      return try self.token(of: token, lasting: answer?.expires_in)
    }
    // RFC 6750 section 2.1; anything else could break out of its field.
    guard !bare.isEmpty, bare.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw CredentialError(.token, "what was given is not a token")
    }
    let claims = claims(of: bare)
    let seconds = lasting.map { TokenKeeper.now + Int(max(min($0, 1e9), 0)) }
    let end = claims?.exp.map { Int(max(min($0, 1e12), 0)) }
    return BearerToken(
      token: Secret(bare),
      expires: seconds ?? end ?? TokenKeeper.now + assumedLifetime,
      principal: claims?.sub ?? "sluice"
    )
  }

  private static func claims(of token: String) -> Claims? {
    let parts = token.split(separator: ".")
    guard parts.count == 3, let bytes = Base64.bytes(of: Array(parts[1].utf8), .urlSafe) else {
      return nil
    }
    return try? JSONDecoder().decode(Claims.self, from: Data(bytes))
  }
}
