import Foundation
import Testing

@testable import Messages

/// Every line of the murmur2 vectors: the key in hexadecimal, partitions, partition and hash.
@Suite struct PartitionerSuiteTests {
  @Test func `every key of the murmur2 vectors goes where Java's partitioner sends it`() throws {
    let folder = Self.folder
    guard FileManager.default.fileExists(atPath: folder.path) else {
      print("murmur2 suite: no folder \(folder.path), skipped")
      return
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    var count = 0
    var passed = 0
    for name in names where name.hasSuffix(".tsv") {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        count += 1
        let flaw = Self.flaw(of: line.split(separator: "\t", omittingEmptySubsequences: false))
        #expect(flaw == nil, "\(name): \(line)")
        if flaw == nil { passed += 1 }
      }
    }
    #expect(count > 0, "no vector under \(folder.path)")
    print("murmur2 suite: \(passed) of \(count)")
  }

  /// What is wrong with the answer for a line; nil if it is right.
  private static func flaw(of fields: [Substring]) -> String? {
    guard fields.count >= 4, let key = bytes(fields[0]) else { return "the line cannot be read" }
    return key.withUnsafeBytes { key in
      let hash = Int32(bitPattern: Partitioner.murmur2(key))
      if let expected = Int32(fields[3]), hash != expected { return "hash \(hash)" }
      guard let partitions = Int(fields[1]), let expected = Int(fields[2]) else { return nil }
      let partition = Partitioner.partition(key: key, partitions: partitions)
      return partition == expected ? nil : "partition \(partition)"
    }
  }

  private static func bytes(_ hexadecimal: Substring) -> [UInt8]? {
    let digits = Array(hexadecimal.utf8)
    guard digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0
    }
  }

  private static var folder: URL {
    let suites: URL
    if let named = ProcessInfo.processInfo.environment["SLUICE_SUITES"] {
      suites = URL(fileURLWithPath: named)
    } else {
      suites = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/suites")
    }
    return suites.appendingPathComponent("murmur2")
  }
}
