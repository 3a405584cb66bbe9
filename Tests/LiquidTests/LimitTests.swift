import Text
import Liquid
import Testing
import Values

@Suite struct LimitTests {
  @Test(arguments: [
    "{% for i in (1..9999999) %}{% endfor %}", "{% for i in (1..999999999999) %}x{% endfor %}",
    "{% assign x = 'ab' %}{% for i in (1..99) %}{% assign x = x | append: x %}{% endfor %}",
    "{% assign x = 9 %}{% for i in (1..99) %}{% assign x = x | times: x %}{% endfor %}",
    "{% assign x = '0.5' | to_number %}{% for i in (1..99) %}{% assign x = x | times: x %}{% endfor %}",
    "{% render 'again' %}", "{% include 'again' %}", "{{ (1..99999999) | join }}",
    "{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..9) %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ 'a' | replace: '', 'bbbbbbbbbbbbbbbbbbbb' | replace: 'b', y | replace: 'c', y | replace: 'c', y }}",
    "{% assign a = '1,2' | split: ',' %}{% for i in (1..99) %}{% assign a = a | concat: a %}{% endfor %}",
    "{% tablerow i in (1..9999999) %}{% endtablerow %}",
    "{{ 1 | round: 99999999 }}{% render 'again' %}",
    "{% render 'both' for (1..100000) %}",
  ])
  func `a template that grows without bound is stopped`(_ source: String) {
    let error = #expect(throws: LiquidError.self) {
      let partials = [
        "again": "{% render 'again' %}", "both": "{% render 'both2' for (1..100000) %}",
        "both2": "",
      ]
      let template = try Template(source: source, partials: { partials[$0] })
      var output = ByteBuffer()
      let long = String(repeating: "c", count: 30_000)
      try template.render(into: &output, data: ValueData(Object([("y", .string(long))])))
    }
    #expect(error?.code == .limit)
  }

  @Test func `time is limited by the clock that is given`() throws {
    var options = TemplateOptions()
    options.limits.time = .milliseconds(5)
    let template = try Template(
      source: "{% for i in (1..999) %}{% endfor %}",
      options: options
    )
    let ticks = Ticks()
    let clock = TemplateClock(now: { (0, 0) }, elapsed: { ticks.next() })
    var output = ByteBuffer()
    let error = #expect(throws: LiquidError.self) {
      try template.render(into: &output, data: ValueData(Object()), clock: clock)
    }
    #expect(error?.code == .limit)
    #expect(error?.message.contains("longer") == true)
  }

  @Test(arguments: [
    "{% if x %}", "{% for i in x %}", "{% capture x %}", "{% case x %}{% when 1 %}",
  ])
  func `blocks nested too deep are refused`(_ tag: String) {
    let error = #expect(throws: LiquidError.self) {
      try Template(source: String(repeating: tag, count: 5000))
    }
    #expect(error?.code == .limit)
  }

  @Test(arguments: ["replace", "remove_last", "split", "replace_first"])
  func `searching what nearly matches everywhere takes no longer`(_ filter: String) throws {
    let text = String(repeating: "a", count: 400_000)
    let arguments = filter.hasPrefix("replace") ? "n, 'x'" : "n"
    let template = try Template(source: "{{ t | \(filter): \(arguments) | size }}")
    let data = Object([
      ("t", .string(text)), ("n", .string(String(repeating: "a", count: 200_000) + "b")),
    ])
    var output = ByteBuffer()
    try template.render(into: &output, data: ValueData(data))
    #expect(output.text == (filter == "split" ? "1" : "400000"))
  }

  @Test(arguments: ["[", "("]) func `expressions nested too deep are refused`(_ sign: String) {
    #expect(throws: LiquidError.self) {
      try Template(source: "{{ a" + String(repeating: sign + "a", count: 5000) + "}}")
    }
  }
}

/// A clock that advances by a millisecond whenever it is read.
private final class Ticks: @unchecked Sendable {
  private var count: UInt64 = 0

  func next() -> UInt64 {
    count += 1_000_000
    return count
  }
}
