import Foundation
import Settings
import TestSupport
import Testing
import Text

@testable import Credentials

@Suite(.enabled(if: Suites.location != nil, "no suites here: set SLUICE_SUITES"))
struct MSKTokenSuiteTests {
  private struct File: Decodable {
    var vectors: [Vector]
  }

  private struct Vector: Decodable {
    var region: String
    var access_key_id: String
    var secret_access_key: String
    var session_token: String?
    var signing_time: String
    var expected_query: [String: String]
    var expiration_ms: Int
  }

  @Test func `every token of the MSK IAM suite comes out byte for byte`() throws {
    let file = try JSONDecoder().decode(File.self, from: Suites.read("msk-iam/vectors.json"))
    #expect(file.vectors.count == 20)
    for vector in file.vectors {
      let date = try #require(ISO8601DateFormatter().date(from: vector.signing_time))
      let token = MSKToken.sign(
        AWSKeys(
          accessKeyID: vector.access_key_id,
          secretAccessKey: Secret(vector.secret_access_key),
          sessionToken: vector.session_token.map { Secret($0) }
        ),
        region: vector.region,
        time: Int(date.timeIntervalSince1970)
      )
      let url = try #require(Base64.bytes(of: Array(token.token.exposed.utf8), .urlSafe))
      let parts = try #require(URLComponents(string: String(decoding: url, as: UTF8.self)))
      var query: [String: String] = [:]
      for item in parts.queryItems ?? [] { query[item.name] = item.value }
      #expect(query.removeValue(forKey: "User-Agent") == "sluice")
      #expect(query == vector.expected_query)
      #expect(parts.host == "kafka.\(vector.region).amazonaws.com")
      #expect(parts.scheme == "https" && parts.path == "/")
      #expect(token.expires * 1000 == vector.expiration_ms)
      #expect(!token.token.exposed.contains("="))
    }
  }
}
