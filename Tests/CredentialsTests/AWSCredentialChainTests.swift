import Foundation
import Settings
import Testing

@testable import Credentials

@Suite struct AWSCredentialChainTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "sluice-aws-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try """
    # lasting keys
    [default]
    aws_access_key_id = FILE
    aws_secret_access_key = file/secret=+
    [ci]
    AWS_ACCESS_KEY_ID=CI
    aws_secret_access_key=ci-secret
    aws_session_token=ci-token
    """.write(toFile: "\(folder)/credentials", atomically: true, encoding: .utf8)
    try """
    [profile ci]
    region = eu-west-1
    [default]
    region = us-west-2
    """.write(toFile: "\(folder)/config", atomically: true, encoding: .utf8)
  }

  private func chain(
    _ identity: AWSIdentity = AWSIdentity(),
    _ variables: [String: String] = [:]
  ) -> AWSCredentialChain {
    var all = variables
    all["AWS_SHARED_CREDENTIALS_FILE"] = "\(folder)/credentials"
    all["AWS_CONFIG_FILE"] = "\(folder)/config"
    all["AWS_EC2_METADATA_DISABLED"] = "true"
    var identity = identity
    identity.environment = all.mapValues { Secret($0) }
    return AWSCredentialChain(identity: identity)
  }

  @Test func `keys come from the configuration, the environment, the file, in this order`() throws {
    let given = AWSKeys(accessKeyID: "GIVEN", secretAccessKey: Secret("s"))
    let environment = [
      "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    ]
    #expect(try chain(AWSIdentity(keys: given), environment).keys() == given)
    #expect(try chain(AWSIdentity(), environment).keys().accessKeyID == "ENV")
    #expect(try chain(AWSIdentity(), environment).keys().sessionToken?.exposed == "t")
    #expect(try chain().keys().accessKeyID == "FILE")
    #expect(try chain().keys().secretAccessKey.exposed == "file/secret=+")
    #expect(try chain().keys().sessionToken == nil)
  }

  @Test func `a named profile is used, also before the environment`() throws {
    let environment = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
    let named = try chain(AWSIdentity(profile: "ci"), environment).keys()
    #expect(named.accessKeyID == "CI")
    #expect(named.sessionToken?.exposed == "ci-token")
    #expect(try chain(AWSIdentity(), ["AWS_PROFILE": "ci"]).keys().accessKeyID == "CI")
    let error = #expect(throws: CredentialError.self) {
      try chain(AWSIdentity(profile: "nobody"), environment).keys()
    }
    #expect(error?.code == .token)
  }

  @Test func `the region is looked for in five places`() throws {
    let broker = "b-1.shop.abc123.c2.kafka.ap-south-1.amazonaws.com:9098"
    let both = ["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r2"]
    #expect(try chain(AWSIdentity(region: "r0"), both).region(broker: broker) == "r0")
    #expect(try chain(AWSIdentity(), both).region(broker: broker) == "r1")
    #expect(try chain(AWSIdentity(), ["AWS_DEFAULT_REGION": "r2"]).region(broker: "") == "r2")
    #expect(try chain().region(broker: broker) == "us-west-2")
    #expect(try chain(AWSIdentity(profile: "ci")).region(broker: broker) == "eu-west-1")
    #expect(AWSCredentialChain.region(inName: broker) == "ap-south-1")
    #expect(AWSCredentialChain.region(inName: "broker1:9092") == nil)
    #expect(AWSCredentialChain.region(inName: "amazonaws.com") == nil)
  }
}
