import Sync
import Foundation
import Reports
import Settings

/// One expression of a database and what it becomes.
struct TypeExample: Sendable, CustomStringConvertible {
  var expression: String
  var cast: CastType?
  /// JSON of the member; nil if the row is rejected.
  var member: String?
  /// Text of a header; nil for none.
  var text: String?

  var description: String { expression + (cast.map { " as \($0)" } ?? "") }

  /// What the engine makes of `examples` as columns of one row, in their order.
  ///
  /// Throws what the run reports where it does not send exactly one message.
  static func send(
    _ examples: [TypeExample],
    from source: any RowSource,
    _ bench: Bench
  ) async throws -> [(member: String, text: String?)] {
    bench.sql =
      "SELECT 1 AS id"
      + examples.enumerated().map { ",\n\($1.expression) AS c\($0)" }.joined()
    bench.types = [:]
    for (index, example) in examples.enumerated() { bench.types["c\(index)"] = example.cast }
    bench.each { message in
      message.headers = examples.indices.map { index in
        HeaderForm(name: "c\(index)", value: Located(.column("c\(index)")))
      }
    }
    let report = await bench.run(source: source)
    let messages = bench.sink.takeMessages()
    guard let message = messages.first, messages.count == 1 else {
      throw Refusal(
        reason: report.error.map { "\($0)" } ?? "\(report.counts.rejected) rejected",
        isRejection: report.counts.rejected == 1
      )
    }
    let members = RawMembers.split(message.value ?? "")
    return examples.indices.map { (members["c\($0)"] ?? "?", message.headers["c\($0)"]) }
  }

  struct Refusal: Error {
    var reason: String
    var isRejection: Bool
  }
}

/// Cuts a compact JSON object into its members without reading them: digits stay as they are.
enum RawMembers {
  static func split(_ object: String) -> [String: String] {
    var members: [String: String] = [:]
    var depth = 0
    var isString = false
    var isEscaped = false
    var start = 1
    let bytes = Array(object.utf8)
    for (index, byte) in bytes.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if isString {
        isEscaped = byte == UInt8(ascii: "\\")
        if byte == UInt8(ascii: "\"") { isString = false }
      } else {
        if byte == UInt8(ascii: "\"") { isString = true }
        if "{[".utf8.contains(byte) { depth += 1 }
        if "}]".utf8.contains(byte) { depth -= 1 }
        if depth == 0 || (depth == 1 && byte == UInt8(ascii: ",")) {
          let member = String(decoding: bytes[start..<index], as: UTF8.self)
          let parts = member.split(separator: ":", maxSplits: 1)
          if parts.count == 2 { members[parts[0].filter { $0 != "\"" }] = String(parts[1]) }
          start = index + 1
        }
      }
    }
    return members
  }
}
