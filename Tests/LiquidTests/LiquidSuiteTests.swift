import Text
import Foundation
import Liquid
import TestSupport
import Testing
import Values

/// The conformance suites for Liquid, every file of their shape under the folder of suites.
@Suite(.enabled(if: Suites.location != nil, "no suites here: set SLUICE_SUITES"))
struct LiquidSuiteTests {
  @Test func `every case of the Liquid suites comes out as the reference has it`() {
    #expect(!LiquidSuite.all.isEmpty, "no Liquid suite under \(Suites.location ?? "")")
    for suite in LiquidSuite.all {
      var passed = 0
      var known = 0
      for test in suite.cases {
        let outcome = LiquidSuiteTests.outcome(of: test)
        if let reason = KnownDifferences.reason(for: test) {
          known += 1
          #expect(outcome != nil, "\(test.name) passes although it is listed: \(reason)")
        } else if let outcome {
          Issue.record("\(suite.file): \(test.name): \(outcome)")
        } else {
          passed += 1
        }
      }
      print("Liquid suite \(suite.file): \(passed) of \(suite.cases.count) passed, \(known) listed")
    }
  }

  /// Why the case fails, nil if it passes, in every way of reading that it is meant for.
  static func outcome(of test: LiquidCase) -> String? {
    for options in options(for: test) {
      if let failure = failure(of: test, options) {
        // `strict` in its tags is the reference's middle mode: what it reads, one of ours reads.
        var lax = options
        lax.syntax = .lax
        let isMiddle = test.tags.contains("strict") && !test.isInvalid
        if isMiddle, self.failure(of: test, lax) == nil { continue }
        return failure
      }
    }
    return nil
  }

  /// The reference's `strict2` is our strict mode; what only older modes accept is read laxly.
  private static func options(for test: LiquidCase) -> [TemplateOptions] {
    var lax = TemplateOptions.shopify
    lax.limits.outputBytes = 1 << 24
    lax.limits.time = .seconds(20)
    lax.errors = test.hasInlineErrors ? .inline : .raised
    var strict = lax
    strict.syntax = .strict
    if test.okModes.isEmpty {
      let isStrict = test.tags.contains("strict") || test.tags.contains("strict2")
      return [isStrict || test.isInvalid ? strict : lax]
    }
    var all: [TemplateOptions] = []
    if test.okModes.contains("strict2") || test.okModes == ["strict"] { all.append(strict) }
    if test.okModes.contains("lax") { all.append(lax) }
    return all
  }

  private static func failure(of test: LiquidCase, _ options: TemplateOptions) -> String? {
    let partials = test.partials
    do {
      let template = try Template(
        source: test.template,
        options: options,
        partials: { name in
          partials[name] ?? partials[name + ".liquid"] ?? partials[name.lowercased() + ".liquid"]
            ?? partials[name.lowercased()]
        }
      )
      if test.isParseError { return "accepted \(test.template)" }
      var output = ByteBuffer()
      let clock = TemplateClock.fixed(seconds: 1_704_067_318)
      var renderer = Renderer(template, clock: clock)
      try renderer.render(into: &output, data: ValueData(test.data))
      if test.isInvalid { return "rendered \(test.template) to \(output.text)" }
      if test.results.contains(output.text) { return nil }
      return
        "\(options.syntax): \(test.template)\nexpected \(test.results)\nbut got  [\"\(output.text)\"]"
    } catch {
      return test.isInvalid
        ? nil : "\(options.syntax): \(test.template)\nexpected \(test.results)\nthrew \(error)"
    }
  }
}
