import Configuration
import Foundation
import Settings
import Testing

/// What the keys of a destination say of TLS and of the login.
@Suite struct LoginTests {
  private static let pem = "-----BEGIN CERTIFICATE-----\\nMA==\\n-----END CERTIFICATE-----"

  /// The destination that `text` describes, without warnings.
  private func destination(
    _ text: String,
    files: [String: String?] = [:],
    warnings: Int = 0
  ) throws -> (DestinationSettings, directory: String) {
    let lines = text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    let project = """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events:
          type: kafka
          brokers: b:9093
      \(lines)
      """
    let made = try TemporaryProject(files.merging(["sluice.yml": project]) { $1 })
    let result = made.load()
    let shown = result.diagnostics.map(\.rendered).joined(separator: "\n")
    #expect(result.diagnostics.count == warnings, "\(shown)")
    let settings = try #require(result.settings?.destinations["events"], "\(shown)")
    return (settings, made.directory)
  }

  private func mechanism(_ text: String) throws -> LoginSettings.Mechanism? {
    try destination("sasl: \(text)").0.mechanism
  }

  @Test func `TLS has authorities, a certificate and an encrypted key`() throws {
    let (settings, directory) = try destination(
      """
      tls: true
      ca: certs/ca.pem
      certificate: {file: ./certs/client.pem}
      private_key: {file: certs/client.key, password: " p "}
      """,
      files: ["certs/ca.pem": "x", "certs/client.pem": "x", "certs/client.key": "x"]
    )
    var tls = LoginSettings.TLS()
    tls.authorities = .file(directory + "/certs/ca.pem")
    tls.certificate = .file(directory + "/certs/client.pem")
    tls.privateKey = .file(directory + "/certs/client.key")
    tls.privateKeyPassword = Secret(" p ")
    #expect(settings.tls == tls)
    #expect(settings.mechanism == nil)
  }

  @Test func `PEM may stand in the file itself`() throws {
    let key = "-----BEGIN EC PRIVATE KEY-----\\nMA==\\n-----END EC PRIVATE KEY-----"
    let (settings, _) = try destination(
      "ca: \"\(Self.pem)\"\ncertificate: \"\(Self.pem)\"\nprivate_key: \"\(key)\""
    )
    let text = Self.pem.replacingOccurrences(of: "\\n", with: "\n")
    #expect(settings.tls?.authorities == .text(Secret(text)))
    #expect(settings.tls?.certificate == .text(Secret(text)))
    #expect(
      settings.tls?.privateKey == .text(Secret(key.replacingOccurrences(of: "\\n", with: "\n")))
    )
  }

  @Test func `certificates are checked unless that is turned off, which warns`() throws {
    #expect(try destination("tls: {verify: true}").0.tls?.verify == true)
    #expect(try destination("tls: {verify: false}", warnings: 1).0.tls?.verify == false)
    #expect(try destination("tls: 'true'").0.tls == LoginSettings.TLS())
  }

  @Test func `users and passwords keep every character`() throws {
    let text = "{mechanism: scram-sha-256, username: 007, password: '  ''\"\\, =;é€ '}"
    let password = Secret("  '\"\\, =;é€ ")
    #expect(try mechanism(text) == .scram(.sha256, username: "007", password: password))
    #expect(
      try mechanism("{mechanism: scram-sha-512, username: u, password: 'true'}")
        == .scram(.sha512, username: "u", password: Secret("true"))
    )
    #expect(
      try mechanism("{mechanism: plain, username: $ConnectionString, password: p}")
        == .plain(username: "$ConnectionString", password: Secret("p"))
    )
  }

  @Test func `tokens come from an endpoint, as they are, or from a command`() throws {
    let (settings, directory) = try destination(
      """
      sasl:
        mechanism: oauthbearer
        token_endpoint: https://login.example.com/t
        client_id: c
        client_secret: s
        scope: a b
        extensions: {logicalCluster: lkc-1, identityPoolId: 5}
        ca: ca.pem
      """,
      files: ["ca.pem": "x"]
    )
    let client = TokenSource.ClientCredentials(
      endpoint: "https://login.example.com/t",
      clientID: "c",
      clientSecret: Secret("s"),
      scope: "a b",
      extensions: ["logicalCluster": "lkc-1", "identityPoolId": "5"],
      authorities: .file(directory + "/ca.pem")
    )
    #expect(settings.mechanism == .oauthBearer(.clientCredentials(client)))
    #expect(
      try mechanism("{mechanism: oauthbearer, token: t}") == .oauthBearer(.fixed(Secret("t")))
    )
    #expect(
      try mechanism("{mechanism: oauthbearer, command: 'get token'}")
        == .oauthBearer(.command("get token"))
    )
  }

  @Test func `an identity of AWS is as complete as the user likes`() throws {
    #expect(try mechanism("{mechanism: aws-iam}") == .msk(AWSIdentity()))
    #expect(
      try mechanism("{mechanism: aws-iam, region: eu-west-1, profile: p}")
        == .msk(AWSIdentity(region: "eu-west-1", profile: "p"))
    )
    let text =
      "{mechanism: aws-iam, access_key_id: A, secret_access_key: s, session_token: t, "
      + "authorization_identity: me}"
    let keys = AWSKeys(
      accessKeyID: "A",
      secretAccessKey: Secret("s"),
      sessionToken: Secret("t")
    )
    #expect(try mechanism(text) == .aws(AWSIdentity(keys: keys), authorizationIdentity: "me"))
  }

  @Test func `the variables of the AWS tools may stand in the project's own file`() throws {
    let project = """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: "b:9098", sasl: {mechanism: aws-iam}}}
      """
    let file = "AWS_ACCESS_KEY_ID=FILE\nAWS_SECRET_ACCESS_KEY=hunter22\nOTHER=o\n"
    let made = try TemporaryProject(["sluice.yml": project, ".env": file])
    let settings = try #require(made.load(["AWS_ACCESS_KEY_ID": "PROCESS"]).settings)
    var identity = AWSIdentity()
    identity.environment = [
      "AWS_ACCESS_KEY_ID": Secret("PROCESS"), "AWS_SECRET_ACCESS_KEY": Secret("hunter22"),
    ]
    #expect(settings.destinations["events"]?.mechanism == .msk(identity))
    #expect(settings.secrets.contains(Secret("hunter22")))
  }

  @Test func `no secret shows when settings are printed`() throws {
    let texts = [
      "{mechanism: scram-sha-256, username: u, password: hunter2}",
      "{mechanism: oauthbearer, token: hunter2}",
      "{mechanism: oauthbearer, token_endpoint: 'https://h', client_id: c, client_secret: hunter2}",
      "{mechanism: aws-iam, access_key_id: A, secret_access_key: hunter2, session_token: hunter2}",
    ]
    for text in texts {
      var shown = ""
      dump(try destination("sasl: \(text)").0, to: &shown)
      #expect(!shown.contains("hunter2"), "\(text)")
    }
    let key = "-----BEGIN PRIVATE KEY-----hunter2"
    var shown = ""
    let keys = "private_key: {file: '\(key)', password: hunter2}"
    dump(try destination("certificate: \"\(Self.pem)\"\n\(keys)").0, to: &shown)
    #expect(!shown.contains("hunter2"))
  }
}
