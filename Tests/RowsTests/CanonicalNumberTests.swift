import Text
import Rows
import Testing

@Suite struct CanonicalNumberTests {
  private func canonical(_ text: String) -> String {
    var output = ByteBuffer()
    Array(text.utf8).withUnsafeBytes { CanonicalNumber.append($0, to: &output) }
    return output.text
  }

  @Test(
    arguments: [
      ["1", "1.0", "1.00", "1e0", "10e-1", "0.1e1", "001", "1E+0"],
      ["0", "0.00", "-0", "-0.0", "0e10", "00"], ["-1500", "-1.5e3", "-1500.0", "-15E+2"],
      ["1e300", "1" + String(repeating: "0", count: 300)],
      ["0.00000000000000000001", "1e-20", "100e-22"],
      ["12345678901234567890", "12345678901234567890.0"],
    ]
  )
  func `one number has one text`(texts: [String]) {
    #expect(Set(texts.map(canonical)).count == 1)
  }

  @Test func `different numbers have different texts`() {
    let texts = ["1", "-1", "10", "0.1", "1.5", "15", "1e-1000", "12345678901234567891"]
    #expect(Set(texts.map(canonical)).count == texts.count)
  }

  @Test(
    arguments: [
      "", "NaN", "Infinity", "-", ".", "1.2.3", "1e", "e5", "1e1.5", "x1", "1 ", "\\N", "--1",
      "1e9999999", "1-1",
    ]
  )
  func `what is not a number stays as it is`(text: String) {
    #expect(canonical(text) == text)
  }
}
