import Blocking
import Text
import FoundationEssentials
import Settings
import Transfer

/// Keys that a service of Amazon gives out: STS for a web identity, the container, the instance.
extension AWSCredentialChain {
  private static let timeout = Duration.seconds(5)

  /// Keys for the token in a file (EKS and others); nil where the environment names none.
  func webIdentityKeys() throws(CredentialError) -> AWSKeys? {
    guard let path = variable("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
    guard let role = variable("AWS_ROLE_ARN") else { return nil }
    guard let bytes = SmallFile.read(path, upTo: 1 << 16) else {
      throw CredentialError(
        .token,
        "AWS_WEB_IDENTITY_TOKEN_FILE: cannot read \(path): \(SystemError.text())"
      )
    }
    let region = try region(broker: "")
    let fields = [
      ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
      ("RoleSessionName", variable("AWS_ROLE_SESSION_NAME") ?? "sluice"),
      ("WebIdentityToken", Self.trimmed(String(decoding: bytes, as: UTF8.self))),
    ]
    let form = fields.map { "\($0)=\(PercentEncoding.text($1))" }.joined(separator: "&")
    let request = HTTPRequest(
      "POST",
      url: securityTokenService(in: region),
      headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(form.utf8),
      timeout: .seconds(20)
    )
    return try Self.keys(inXML: Self.ask(request, "web identity"))
  }

  /// STS of `region`, unless the environment names another.
  func securityTokenService(in region: String) -> String {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return variable("AWS_ENDPOINT_URL_STS") ?? "https://sts.\(region).\(domain)/"
  }

  /// Keys of the container (ECS, EKS Pod Identity); nil where the environment names none.
  func containerKeys() throws(CredentialError) -> AWSKeys? {
    let url: String
    if let path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://169.254.170.2\(path)"
    } else if let full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      url = full
    } else {
      return nil
    }
    guard Self.mayGiveKeys(url) else {
      throw CredentialError(.token, "AWS_CONTAINER_CREDENTIALS_FULL_URI: neither https nor local")
    }
    var headers: [(name: String, value: String)] = []
    if let token = try containerToken() { headers = [("Authorization", token)] }
    let request = HTTPRequest(
      url: url,
      headers: headers,
      timeout: Self.timeout,
      usesProxy: false
    )
    return try Self.keys(inJSON: Self.ask(request, "container metadata"))
  }

  /// Keys of the instance (EC2, version 2 of its metadata service); nil where there is no service.
  func instanceKeys() throws(CredentialError) -> AWSKeys? {
    guard variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
    let base = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    let root = base.hasSuffix("/") ? String(base.dropLast()) : base
    let lifetime = ("X-aws-ec2-metadata-token-ttl-seconds", "300")
    let tokenRequest = HTTPRequest(
      "PUT",
      url: "\(root)/latest/api/token",
      headers: [lifetime],
      timeout: .seconds(1),
      usesProxy: false
    )
    guard let session = try? HTTPClient.perform(tokenRequest), session.isSuccess else {
      return nil
    }
    let path = "\(root)/latest/meta-data/iam/security-credentials/"
    let get = { (url: String) throws(CredentialError) in
      let header = ("X-aws-ec2-metadata-token", session.text)
      return try Self.ask(
        HTTPRequest(url: url, headers: [header], timeout: Self.timeout, usesProxy: false),
        "instance metadata"
      )
    }
    let role = Self.trimmed(String(decoding: try get(path), as: UTF8.self).prefix { !$0.isNewline })
    return try Self.keys(inJSON: try get(path + PercentEncoding.text(role)))
  }

  private func containerToken() throws(CredentialError) -> String? {
    guard let path = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    guard let bytes = SmallFile.read(path, upTo: 1 << 16) else {
      throw CredentialError(.token, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: cannot read \(path)")
    }
    return Self.trimmed(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether a place is one that the AWS tools would ask, too: by TLS, or on this machine.
  static func mayGiveKeys(_ url: String) -> Bool {
    if url.hasPrefix("https://") { return true }
    guard url.hasPrefix("http://") else { return false }
    let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    let host = Endpoint(String(authority)).host
    return ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host)
      || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 46 || 48...57 ~= $0 }
  }

  private static func ask(
    _ request: HTTPRequest,
    _ place: String
  ) throws(CredentialError) -> [UInt8] {
    let response: HTTPResponse
    do {
      response = try HTTPClient.perform(request)
    } catch {
      throw CredentialError(.token, "no AWS keys from \(place): \(error.description)")
    }
    guard response.isSuccess else {
      let code = element("Code", of: response.text).map { ", \($0)" } ?? ""
      throw CredentialError(.token, "no AWS keys from \(place): HTTP \(response.status)\(code)")
    }
    return response.body
  }

  private struct Answer: Decodable {
    var AccessKeyId: String
    var SecretAccessKey: String
    var Token: String?
    var Expiration: String?
  }

  private static func keys(inJSON body: [UInt8]) throws(CredentialError) -> AWSKeys {
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
      throw CredentialError(.token, "the metadata service's answer holds no AWS keys")
    }
    return AWSKeys(
      accessKeyID: answer.AccessKeyId,
      secretAccessKey: Secret(answer.SecretAccessKey),
      sessionToken: answer.Token.map { Secret($0) },
      expires: answer.Expiration.flatMap(seconds)
    )
  }

  private static func keys(inXML body: [UInt8]) throws(CredentialError) -> AWSKeys {
    let text = String(decoding: body, as: UTF8.self)
    guard let id = element("AccessKeyId", of: text),
      let secret = element("SecretAccessKey", of: text),
      let token = element("SessionToken", of: text)
    else { throw CredentialError(.token, "the answer of STS holds no AWS keys") }
    return AWSKeys(
      accessKeyID: id,
      secretAccessKey: Secret(secret),
      sessionToken: Secret(token),
      expires: element("Expiration", of: text).flatMap(seconds)
    )
  }

  /// The text of the first element of that name; STS uses no attributes, and keys need no escapes.
  private static func element(_ name: String, of text: String) -> String? {
    guard let start = text.firstRange(of: "<\(name)>") else { return nil }
    let rest = text[start.upperBound...]
    return rest.firstRange(of: "</\(name)>").map { String(rest[..<$0.lowerBound]) }
  }

  /// Seconds since 1970 of `2024-05-05T05:55:43Z`.
  static func seconds(_ text: String) -> Int? {
    (try? Date(text, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.filter { !$0.isWhitespace })
  }
}
