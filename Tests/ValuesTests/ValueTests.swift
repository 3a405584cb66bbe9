import Testing
import Values

@Suite struct ValueTests {
  @Test(arguments: ["0", "-1", "9223372036854775807", "-9223372036854775808"])
  func `an integer of 64 bits is one`(_ text: String) {
    #expect(Value.number(text) == .integer(Int(text) ?? 1))
  }

  @Test(arguments: ["9223372036854775808", "-123456789012345678901234567890"])
  func `a larger integer keeps every digit`(_ text: String) {
    guard case .bigInteger(let big)? = Value.number(text) else {
      Issue.record("not a big integer")
      return
    }
    #expect(big.description == text)
  }

  @Test(arguments: ["1.0", "1.50", "1e5", "-0", "0.10E+3"])
  func `a fraction stays as it was written`(_ text: String) {
    guard case .decimal(let decimal)? = Value.number(text) else {
      Issue.record("not a decimal")
      return
    }
    #expect(decimal.text == text)
  }

  @Test(arguments: ["", "+1", "01", "1.", ".5", "1e", "NaN", "0x1", "1 "])
  func `what JSON does not call a number is none`(_ text: String) {
    #expect(Value.number(text) == nil)
  }

  @Test func `numbers of all kinds compare by what they amount to`() {
    #expect(Value.integer(1) != .float(1))
    #expect(Value.compareNumbers(.integer(1), .float(1)) == .same)
    #expect(Value.compareNumbers(.integer(2), .number("1.99") ?? .null) == .descending)
    #expect(Value.compareNumbers(.float(.nan), .integer(0)) == nil)
    #expect(Value.compareNumbers(.string("1"), .integer(1)) == nil)
  }

  @Test func `an object keeps order, finds members and forgets removed ones`() {
    var object = Object()
    for index in 0..<40 { object["k\(index)"] = .integer(index) }
    let copy = object
    object["k3"] = nil
    object["k4"] = .null
    #expect(object.count == 39)
    #expect(object["k39"] == .integer(39))
    #expect(object["k3"] == nil)
    #expect(object.keys.prefix(4) == ["k0", "k1", "k2", "k4"])
    #expect(copy["k3"] == .integer(3))
  }

  @Test func `division of large integers agrees with multiplication`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let dividend = random(digits: 1...60, &generator)
      let divisor = random(digits: 1...40, &generator)
      let (quotient, remainder) = try #require(dividend.dividedDown(by: divisor))
      #expect(quotient * divisor + remainder == dividend)
      #expect(remainder.isZero || remainder.isNegative == divisor.isNegative)
      let size = remainder.isNegative ? -remainder : remainder
      #expect(size < (divisor.isNegative ? -divisor : divisor))
    }
    #expect(BigInteger(1).dividedDown(by: .zero) == nil)
  }

  @Test func `decimals add and multiply exactly`() throws {
    let tenth = try #require(ExactDecimal("0.1")?.scaled)
    let fifth = try #require(ExactDecimal("0.20")?.scaled)
    #expect((tenth + fifth).decimal.text == "0.30")
    #expect((tenth * fifth).decimal.text == "0.020")
    #expect((tenth - fifth).decimal.text == "-0.10")
  }

  private func random(
    digits: ClosedRange<Int>,
    _ generator: inout SystemRandomNumberGenerator
  ) -> BigInteger {
    var text = Bool.random(using: &generator) ? "-" : ""
    text += String(Int.random(in: 1...9, using: &generator))
    for _ in 1..<Int.random(in: 2...max(2, digits.upperBound), using: &generator) {
      // Many nines and zeros, where carries go wrong.
      text += ["0", "9", "\(Int.random(in: 0...9, using: &generator))"].randomElement() ?? "0"
    }
    return BigInteger(text) ?? .zero
  }
}
