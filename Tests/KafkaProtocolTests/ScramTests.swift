import Testing

@testable import KafkaProtocol

@Suite struct ScramTests {
  // RFC 5802 section 5.
  @Test func `the example of RFC 5802 comes out byte for byte`() throws {
    var scram = Scram(
      hash: "SHA1",
      username: "user",
      password: "pencil",
      nonce: "fyko+d2lbbFgONRv9qkxdawL"
    )
    #expect(scram.first == "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL")
    let last = try scram.last(
      after: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"
    )
    #expect(
      last == "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    )
    try scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")
  }

  // RFC 7677 section 3.
  @Test func `the example of RFC 7677 comes out byte for byte`() throws {
    var scram = Scram(
      hash: "SHA256",
      username: "user",
      password: "pencil",
      nonce: "rOprNGfwEbeRWgbNEkqO"
    )
    let last = try scram.last(
      after:
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    #expect(
      last
        == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    try scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    #expect(throws: LoginError.self) {
      try scram.verify("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }
    #expect(throws: LoginError.self) { try scram.verify("") }
    #expect(throws: LoginError.self) { try scram.verify("v=") }
  }

  @Test(arguments: [
    "r=other,s=QSXCR+Q6sek8bf92,i=4096",
    "r=nonce,s=QSXCR+Q6sek8bf92,i=4096",
    "r=nonceX,s=QSXCR+Q6sek8bf92,i=4095",
    "r=nonceX,s=QSXCR+Q6sek8bf92,i=1000001",
    "r=nonceX,s=QSXCR+Q6sek8bf92,i=-1",
    "r=nonceX,s=QSXCR+Q6sek8bf92",
    "r=nonceX,s=,i=4096",
    "r=nonceX,s=#,i=4096",
    "m=x,r=nonceX,s=QSXCR+Q6sek8bf92,i=4096",
    "r=nonceX,r=nonceY,s=QSXCR+Q6sek8bf92,i=4096",
    "e=unknown-user", "", ",,,", "nonsense",
  ])
  func `a server that does not keep to the rules is refused`(message: String) {
    var scram = Scram(hash: "SHA256", username: "u", password: "p", nonce: "nonce")
    #expect(throws: LoginError.self) { try scram.last(after: message) }
  }

  @Test func `names are escaped and prepared`() {
    let scram = Scram(hash: "SHA256", username: "a=b,c\u{AD}", password: "", nonce: "n")
    #expect(scram.first == "n,,n=a=3Db=2Cc,r=n")
    // The examples of RFC 4013 section 3; the last two are forbidden and stay as they are.
    #expect(Scram.prepared("I\u{AD}X") == "IX")
    #expect(Scram.prepared("\u{AA}") == "a")
    #expect(Scram.prepared("\u{2168}") == "IX")
    #expect(Scram.prepared("\u{7}") == "\u{7}")
    #expect(Scram.prepared("\u{627}\u{31}") == "\u{627}\u{31}")
  }
}
