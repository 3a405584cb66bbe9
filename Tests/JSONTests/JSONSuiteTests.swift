import Text
import Foundation
import JSON
import Testing

/// Every file of JSON parsing suites: `y_*.json` must be accepted, `n_*.json` refused.
@Suite struct JSONSuiteTests {
  @Test func `every text of the JSON suite is judged as RFC 8259 has it`() throws {
    let folder = JSONSuiteTests.folder
    let files = JSONSuiteTests.files(in: folder)
    guard FileManager.default.fileExists(atPath: folder.path) else {
      print("JSON suite: no folder \(folder.path), skipped")
      return
    }
    #expect(!files.isEmpty, "no y_ or n_ file under \(folder.path)")
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

  static var folder: URL {
    if let named = ProcessInfo.processInfo.environment["SLUICE_SUITES"] {
      return URL(fileURLWithPath: named)
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/suites")
  }

  static func files(in folder: URL) -> [URL] {
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let names = (found?.compactMap { $0 as? URL } ?? []).filter { file in
      let name = file.lastPathComponent
      return name.hasSuffix(".json") && (name.hasPrefix("y_") || name.hasPrefix("n_"))
    }
    return names.sorted { $0.path < $1.path }
  }
}
