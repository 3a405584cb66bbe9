import Foundation
import Settings
import TestSupport
import Testing

@testable import Credentials

@Suite struct AWSServicesTests {
  private static func answer(_ body: String, status: String = "200 OK") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let json = """
    {"Code": "Success", "AccessKeyId": "ASIA1", "SecretAccessKey": "s/+=", "Token": "t==",
     "Expiration": "2040-01-01T00:00:00Z", "Type": "AWS-HMAC"}
    """

  private func chain(_ variables: [String: String]) -> AWSCredentialChain {
    var all = variables
    all["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere"
    all["AWS_CONFIG_FILE"] = "/nowhere"
    var identity = AWSIdentity()
    identity.environment = all.mapValues { Secret($0) }
    return AWSCredentialChain(identity: identity)
  }

  private func isExpected(_ keys: AWSKeys) -> Bool {
    keys.accessKeyID == "ASIA1" && keys.secretAccessKey.exposed == "s/+="
      && keys.sessionToken?.exposed == "t==" && keys.expires == 2_208_988_800
  }

  @Test func `a web identity is changed into keys by STS`() throws {
    let path = NSTemporaryDirectory() + "sluice-identity-\(UUID().uuidString)"
    try "a.b.c\n".write(toFile: path, atomically: true, encoding: .utf8)
    let server = try #require(
      StandIn { request in
        #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
        #expect(
          request.hasSuffix(
            "\r\n\r\nAction=AssumeRoleWithWebIdentity&Version=2011-06-15"
              + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=sluice"
              + "&WebIdentityToken=a.b.c"
          )
        )
        return Self.answer(
          """
          <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
          <AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey>
          <SessionToken>t==</SessionToken><Expiration>2040-01-01T00:00:00Z</Expiration>
          </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
          """
        )
      }
    )
    let keys = try chain([
      "AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
      "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(server.port)/",
    ]).keys()
    #expect(isExpected(keys))
  }

  @Test func `a refusal of STS is told with its code`() throws {
    let path = NSTemporaryDirectory() + "sluice-identity-\(UUID().uuidString)"
    try "a.b.c".write(toFile: path, atomically: true, encoding: .utf8)
    let server = try #require(
      StandIn { _ in
        Self.answer(
          "<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>",
          status: "400 Bad Request"
        )
      }
    )
    let error = #expect(throws: CredentialError.self) {
      try chain([
        "AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": "r", "AWS_REGION": "r",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(server.port)/",
      ]).keys()
    }
    #expect(error?.message == "no AWS keys from web identity: HTTP 400, ExpiredTokenException")
  }

  @Test func `a container gives keys to who shows its token`() throws {
    let server = try #require(
      StandIn { request in
        #expect(request.hasPrefix("GET /v1/keys HTTP/1.1\r\n"))
        #expect(request.contains("\r\nAuthorization: pod-token\r\n"))
        return Self.answer(Self.json)
      }
    )
    let keys = try chain([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(server.port)/v1/keys",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "pod-token",
    ]).keys()
    #expect(isExpected(keys))
  }

  @Test func `an instance gives keys in three steps`() throws {
    let server = try #require(
      StandIn { request in
        if request.hasPrefix("PUT /latest/api/token HTTP/1.1\r\n") {
          #expect(request.contains("\r\nX-aws-ec2-metadata-token-ttl-seconds: 300\r\n"))
          return Self.answer("session-token")
        }
        #expect(request.contains("\r\nX-aws-ec2-metadata-token: session-token\r\n"))
        let path = "GET /latest/meta-data/iam/security-credentials/"
        if request.hasPrefix("\(path) HTTP/1.1\r\n") { return Self.answer("the-role") }
        #expect(request.hasPrefix("\(path)the-role HTTP/1.1\r\n"))
        return Self.answer(Self.json)
      }
    )
    let keys = try chain([
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(server.port)/"
    ]).keys()
    #expect(isExpected(keys))
  }

  @Test func `without any of them it is said where was looked`() {
    let error = #expect(throws: CredentialError.self) {
      try chain(["AWS_EC2_METADATA_DISABLED": "true"]).keys()
    }
    #expect(error?.code == .token)
  }

  @Test(arguments: [
    ("https://keys.example.com/", true), ("http://127.0.0.1/x", true), ("http://[::1]:80/", true),
    ("http://169.254.170.23/v1", true), ("http://keys.example.com/", false),
    ("http://127.0.0.1@keys.example.com/", false), ("http://127.0.0.1.example.com/", false),
    ("http://keys.example.com?http://127.0.0.1/", false), ("file:///etc/passwd", false),
  ])
  func `keys are asked of safe places only`(url: String, isSafe: Bool) {
    #expect(AWSCredentialChain.mayGiveKeys(url) == isSafe)
  }
}
