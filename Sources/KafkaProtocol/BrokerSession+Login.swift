import Credentials
import Blocking
import Settings

extension BrokerSession {
  /// What a mechanism needs to be known to log in.
  enum Credentials {
    case plain(username: String, password: String)
    case scram(ScramHash, username: String, password: String)
    case bearer(BearerToken)
    case aws(identity: String, AWSKeys)
  }

  /// Logs in by SASL.
  func logIn(_ credentials: Credentials, before deadline: Deadline) throws(LoginError) {
    try shakeHands(credentials.mechanism, before: deadline)
    switch credentials {
    case .plain(let username, let password):
      _ = try send(Array("\0\(username)\0\(password)".utf8), deadline)
    case .scram(let hash, let username, let password):
      try logIn(hash, username: username, password: password, deadline: deadline)
    case .bearer(let token):
      try logIn(token, deadline)
    case .aws(let identity, let keys):
      let fields = [
        identity, keys.accessKeyID, keys.secretAccessKey.exposed, keys.sessionToken?.exposed ?? "",
      ]
      _ = try send(Array(fields.joined(separator: "\0").utf8), deadline)
    }
  }

  private func shakeHands(_ mechanism: String, before deadline: Deadline) throws(LoginError) {
    var answer = try ask(.saslHandshake, version: 1, before: deadline) { $0.string(mechanism) }
    let code = try answer.int16()
    var offered: [String] = []
    for _ in 0..<(try answer.count()) { offered.append(try answer.string() ?? "") }
    switch code {
    case 0: return
    case 34:
      throw LoginError(
        .mechanism,
        "the listener wants no SASL login",
        context: name,
        hint: "leave `sasl` out, or use the listener with SASL"
      )
    default:
      throw LoginError(
        .mechanism,
        "the listener does not offer \(mechanism)",
        context: name,
        hint: "it offers \(offered.joined(separator: ", "))"
      )
    }
  }

  private func logIn(
    _ hash: ScramHash,
    username: String,
    password: String,
    deadline: Deadline
  ) throws(LoginError) {
    guard let nonce = Scram.makeNonce() else {
      throw LoginError(.setting, "the system has no random bytes")
    }
    var scram = Scram(
      hash: hash.rawValue,
      username: username,
      password: password,
      nonce: nonce
    )
    do {
      let first = try send(Array(scram.first.utf8), deadline)
      let last = try scram.last(after: String(decoding: first, as: UTF8.self))
      let proof = try send(Array(last.utf8), deadline)
      try scram.verify(String(decoding: proof, as: UTF8.self))
    } catch {
      throw error.at(name)
    }
  }

  private func logIn(_ token: BearerToken, _ deadline: Deadline) throws(LoginError) {
    var message = "n,,\u{1}auth=Bearer \(token.token.exposed)\u{1}"
    for (name, value) in token.extensions.sorted(by: { $0.key < $1.key }) {
      message += "\(name)=\(value)\u{1}"
    }
    let challenge = try send(Array((message + "\u{1}").utf8), deadline)
    guard !challenge.isEmpty else { return }
    // RFC 7628: a refusal comes as a challenge, to be answered with one byte to end the exchange.
    let status = String(decoding: challenge.prefix(300), as: UTF8.self)
    do { _ = try send([1], deadline) } catch  where error.code == .credentials {}
    throw refusal("the token is refused: \(status)")
  }

  private func send(_ bytes: [UInt8], _ deadline: Deadline) throws(LoginError) -> [UInt8] {
    var answer = try ask(.saslAuthenticate, version: 1, before: deadline) { $0.data(bytes) }
    let code = try answer.int16()
    let message = try answer.string()
    guard code == 0 else { throw refusal(message ?? "the login is refused (\(code))") }
    return try answer.data()
  }

  private func refusal(_ message: String) -> LoginError {
    LoginError(
      .credentials,
      message,
      context: name,
      hint: "are user, password or token right, and is this the right cluster?"
    )
  }
}

extension BrokerSession.Credentials {
  var mechanism: String {
    switch self {
    case .plain: "PLAIN"
    case .scram(let hash, _, _): hash.mechanism
    case .bearer: "OAUTHBEARER"
    case .aws: "AWS"
    }
  }
}
