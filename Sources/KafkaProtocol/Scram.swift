import Text
import CIDN
import Glibc

/// The client's side of one SCRAM exchange (RFC 5802, RFC 7677), without channel binding.
///
/// A pure state machine: messages in, messages out.
struct Scram {
  /// What a server may ask for: fewer is too weak, more is an attack on the client's time.
  static let iterations = 4096...1_000_000

  private let hash: String
  private let password: [UInt8]
  private let nonce: String
  private let bareFirst: String
  private var serverSignature: [UInt8] = []

  /// Begins an exchange; `hash` is OpenSSL's name, `nonce` printable and without commas.
  init(hash: String, username: String, password: String, nonce: String) {
    self.hash = hash
    self.password = Array(Self.prepared(password).utf8)
    self.nonce = nonce
    bareFirst = "n=\(Self.escaped(Self.prepared(username))),r=\(nonce)"
  }

  /// A nonce of 144 random bits; nil when the system has none.
  static func makeNonce() -> String? {
    Cryptography.random(18).map { Base64.text($0) }
  }

  /// The client's first message.
  var first: String { "n,,\(bareFirst)" }

  /// The client's last message, in answer to the server's first.
  mutating func last(after serverFirst: String) throws(LoginError) -> String {
    let fields = try Self.fields(of: serverFirst)
    if let refusal = fields["e"] { throw LoginError(.credentials, refusal) }
    guard fields["m"] == nil, let joined = fields["r"], let text = fields["s"],
      let salt = Base64.bytes(of: Array(text.utf8)), !salt.isEmpty,
      let iterations = fields["i"].flatMap({ Int($0) })
    else { throw LoginError(.protocolViolation, "the broker's SCRAM message cannot be read") }
    guard joined.hasPrefix(nonce), joined.utf8.count > nonce.utf8.count else {
      throw LoginError(.server, "the broker answered with a nonce that is not ours")
    }
    guard Self.iterations.contains(iterations) else {
      let range = "\(Self.iterations.lowerBound) to \(Self.iterations.upperBound)"
      let message = "the broker asks for \(iterations) SCRAM iterations; \(range) are accepted"
      throw LoginError(.server, message)
    }
    let key = Cryptography.stretch(hash, password: password, salt: salt, iterations: iterations)
    let bareLast = "c=biws,r=\(joined)"
    let message = Array("\(bareFirst),\(serverFirst),\(bareLast)".utf8)
    let clientKey = Cryptography.hmac(hash, key: key, Array("Client Key".utf8))
    let storedKey = Cryptography.hash(hash, clientKey)
    let signature = Cryptography.hmac(hash, key: storedKey, message)
    let serverKey = Cryptography.hmac(hash, key: key, Array("Server Key".utf8))
    serverSignature = Cryptography.hmac(hash, key: serverKey, message)
    guard !serverSignature.isEmpty, clientKey.count == signature.count else {
      throw LoginError(.setting, "OpenSSL has no \(hash)")
    }
    return "\(bareLast),p=\(Base64.text(zip(clientKey, signature).map { $0 ^ $1 }))"
  }

  /// Checks the server's last message: whether it knows the password, too.
  func verify(_ serverLast: String) throws(LoginError) {
    let fields = try Self.fields(of: serverLast)
    if let refusal = fields["e"] { throw LoginError(.credentials, refusal) }
    guard let signature = fields["v"].flatMap({ Base64.bytes(of: Array($0.utf8)) }) else {
      throw LoginError(.protocolViolation, "the broker's last SCRAM message cannot be read")
    }
    guard Cryptography.areEqual(signature, serverSignature) else {
      throw LoginError(.server, "the broker could not prove that it knows the password")
    }
  }

  private static func fields(of message: String) throws(LoginError) -> [String: String] {
    var fields: [String: String] = [:]
    for part in message.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, fields[String(pair[0])] == nil else {
        throw LoginError(.protocolViolation, "the broker's SCRAM message cannot be read")
      }
      fields[String(pair[0])] = String(pair[1])
    }
    return fields
  }

  private static func escaped(_ name: String) -> String {
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "=": escaped += "=3D"
      case ",": escaped += "=2C"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// SASLprep (RFC 4013); what it forbids stays as it is, as in Kafka, which does not prepare.
  static func prepared(_ text: String) -> String {
    var out: UnsafeMutablePointer<CChar>?
    guard !text.utf8.contains(0), sluice_saslprep(text, &out) == 0, let out else { return text }
    defer { free(out) }
    return String(cString: out)
  }
}
