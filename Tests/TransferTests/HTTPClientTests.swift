import TestSupport
import Testing

@testable import Transfer

@Suite struct HTTPClientTests {
  @Test func `a request goes out and its answer comes back`() async throws {
    let server = try #require(
      StandIn { request in
        #expect(request.hasPrefix("POST /path?q=1 HTTP/1.1\r\n"))
        #expect(request.contains("\r\nX-One: 1\r\n"))
        #expect(!request.contains("Expect"))
        #expect(!request.contains("Evil"))
        #expect(request.hasSuffix("\r\n\r\nbody"))
        return "HTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok"
      }
    )
    let response = try await HTTPClient.send(
      HTTPRequest(
        "POST",
        url: "http://127.0.0.1:\(server.port)/path?q=1",
        headers: [("X-One", "1"), ("X-Two", "2\r\nEvil: yes")],
        body: Array("body".utf8)
      )
    )
    #expect(response.status == 201)
    #expect(response.isSuccess)
    #expect(response.text == "ok")
  }

  @Test func `an answer above the limit is refused`() async throws {
    let server = try #require(
      StandIn { _ in
        "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + String(repeating: "x", count: 2000)
      }
    )
    let error = await #expect(throws: TransferError.self) {
      try await HTTPClient.send(
        HTTPRequest(url: "http://127.0.0.1:\(server.port)/", responseBytesMax: 1000)
      )
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func `a server that says nothing ends at the timeout, without showing secrets`()
    async throws
  {
    let server = try #require(StandIn { _ in nil })
    let error = await #expect(throws: TransferError.self) {
      try await HTTPClient.send(
        HTTPRequest(
          url: "http://user:hunter2@127.0.0.1:\(server.port)/a?key=hunter2",
          timeout: .milliseconds(200)
        )
      )
    }
    #expect(error?.code == .timedOut)
    #expect(error?.isRetriable == true)
    #expect(error?.context == "http://127.0.0.1:\(server.port)/a")
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test(arguments: [
    ("file:///etc/passwd", TransferError.Code.url), ("nonsense://x", .url),
    ("http://127.0.0.1:1/", .unreachable),
  ])
  func `what cannot be asked is named`(url: String, code: TransferError.Code) async {
    let error = await #expect(throws: TransferError.self) {
      try await HTTPClient.send(HTTPRequest(url: url, timeout: .seconds(300)))
    }
    #expect(error?.code == code)
  }
}
