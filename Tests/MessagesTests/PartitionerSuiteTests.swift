import Foundation
import TestSupport
import Testing

@testable import Messages

/// Every line of the murmur2 vectors: the key in hexadecimal, partitions, partition and hash.
@Suite(.enabled(if: Suites.location != nil, "no suites here: set SLUICE_SUITES"))
struct PartitionerSuiteTests {
  @Test func `every key of the murmur2 vectors goes where Java's partitioner sends it`() throws {
    var count = 0
    var passed = 0
    for file in Suites.files where file.pathExtension == "tsv" {
      guard file.deletingLastPathComponent().lastPathComponent == "murmur2" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        count += 1
        let flaw = Self.flaw(of: line.split(separator: "\t", omittingEmptySubsequences: false))
        #expect(flaw == nil, "\(file.lastPathComponent): \(line)")
        if flaw == nil { passed += 1 }
      }
    }
    #expect(count > 0, "no vector of murmur2 under \(Suites.location ?? "")")
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
}
