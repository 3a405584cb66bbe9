import Text
import Foundation
import JSON
import TestSupport
import Testing

/// Every file of JSON parsing suites: `y_*.json` must be accepted, `n_*.json` refused.
@Suite(.enabled(if: Suites.location != nil, "no suites here: set SLUICE_SUITES"))
struct JSONSuiteTests {
  @Test func `every text of the JSON suite is judged as RFC 8259 has it`() throws {
    let files = Self.files
    #expect(!files.isEmpty, "no y_ or n_ file under \(Suites.location ?? "")")
    var passed = 0
    for file in files {
      let text = try Data(contentsOf: file)
      let accepted = text.withUnsafeBytes { bytes in
        var output = ByteBuffer()
        return (try? JSONScanner().compact(bytes, into: &output)) != nil
          && (try? JSONParser().parse(bytes)) != nil
      }
      let expected = file.lastPathComponent.hasPrefix("y_")
      #expect(accepted == expected, "\(file.lastPathComponent)")
      if accepted == expected { passed += 1 }
    }
    print("JSON suite: \(passed) of \(files.count)")
  }

  private static var files: [URL] {
    Suites.files.filter { file in
      let name = file.lastPathComponent
      return name.hasSuffix(".json") && (name.hasPrefix("y_") || name.hasPrefix("n_"))
    }
  }
}
