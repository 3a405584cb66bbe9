import Testing

@testable import Settings

@Suite struct EndpointTests {
  @Test(
    arguments: [
      ("broker:9093", "broker", 9093), ("sasl_ssl://broker:9093/2", "broker", 9093),
      ("broker", "broker", 9092), ("[::1]:9093", "::1", 9093), ("::1", "::1", 9092),
      ("10.0.0.1:1/bootstrap", "10.0.0.1", 1), ("", "", 9092), ("[::1]", "::1", 9092),
    ]
  )
  func `addresses are taken apart`(text: String, host: String, port: Int) {
    #expect(Endpoint(text).host == host)
    #expect(Endpoint(text).port == port)
  }
}
