import Foundation
import JMESPath
import JSON
import TestSupport
import Testing
import Values

/// Every case of the compliance suites for JMESPath: `{given, expression, result | error}`.
@Suite(.enabled(if: Suites.location != nil, "no suites here: set SLUICE_SUITES"))
struct JMESPathSuiteTests {
  @Test func `every case of the JMESPath suites comes out as the specification has it`() throws {
    let cases = Self.cases
    #expect(!cases.isEmpty, "no JMESPath suite under \(Suites.location ?? "")")
    var passed = 0
    for test in cases {
      if let problem = test.problem {
        Issue.record("\(test.name): \(test.expression): \(problem)")
      } else {
        passed += 1
      }
    }
    print("JMESPath suite: \(passed) of \(cases.count)")
  }

  @Test func `what is written of every case is the JSON of what it evaluates to`() throws {
    let cases = Self.cases
    #expect(!cases.isEmpty, "no JMESPath suite under \(Suites.location ?? "")")
    for test in cases {
      guard let expression = try? Expression(test.expression) else { continue }
      if let problem = expression.difference(of: test.given) {
        Issue.record("\(test.name): \(test.expression): \(problem)")
      }
    }
  }

  static var cases: [JMESPathCase] {
    let files = Suites.files.filter { $0.pathExtension == "json" }
    return files.flatMap { file -> [JMESPathCase] in
      guard let bytes = try? Data(contentsOf: file),
        let root = bytes.withUnsafeBytes({ try? JSONParser().parse($0) })
      else { return [] }
      return tests(of: root).enumerated().compactMap { index, test in
        JMESPathCase(test, "\(file.lastPathComponent) \(index)")
      }
    }
  }

  /// The cases of a file: a list under `tests`, or groups of one `given` and its `cases`.
  private static func tests(of root: Value) -> [Value] {
    switch root {
    case .object(let object):
      guard case .array(let tests)? = object["tests"] else { return [] }
      return tests
    case .array(let groups):
      return groups.flatMap { group -> [Value] in
        guard case .object(let group) = group, case .array(let cases)? = group["cases"] else {
          return []
        }
        return cases.map { test in
          guard case .object(var test) = test else { return test }
          test["given"] = group["given"]
          return .object(test)
        }
      }
    default: return []
    }
  }
}

/// One case of a suite.
struct JMESPathCase {
  var name: String
  var given: Value
  var expression: String
  /// What must come out; nil if an error must.
  var result: Value?
  var error: String?

  init?(_ value: Value, _ name: String) {
    guard case .object(let test) = value, let given = test["given"],
      case .string(let expression)? = test["expression"]
    else { return nil }
    self.given = given
    self.expression = expression
    self.name = name
    if case .string(let id)? = test["id"] { self.name = id }
    result = test["result"]
    if case .string(let error)? = test["error"] { self.error = error }
    if result == nil, error == nil { return nil }
  }

  /// How the outcome differs from what it must be; nil if it does not.
  var problem: String? {
    do throws(JMESPathError) {
      let outcome = try Expression(expression).search(given)
      guard let result else { return "gives \(outcome), not the error \(error ?? "")" }
      return outcome.isSame(as: result) ? nil : "gives \(outcome), not \(result)"
    } catch let thrown {
      guard let error else { return "fails: \(thrown)" }
      return error == thrown.code.rawValue ? nil : "fails with \(thrown.code), not \(error)"
    }
  }
}

extension Value {
  /// Whether both are the same JSON; numbers by what they amount to.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.keys.allSatisfy { key in
          guard let mine = left[key], let theirs = right[key] else { return false }
          return mine.isSame(as: theirs)
        }
    default: self == other || Value.compareNumbers(self, other) == .same
    }
  }
}
