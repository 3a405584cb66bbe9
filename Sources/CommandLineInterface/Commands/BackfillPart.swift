import Arguments
import Blocking
import Glibc
import Sync

/// Options that choose rows of a backfill.
extension Option {
  /// The option `--where SQL`.
  static let condition = Option(
    "where",
    value: .text("SQL"),
    "Only rows of the result for which this condition holds"
  )
  /// The option `--key KEY`.
  static let rowKey = Option(
    "key",
    value: .text("KEY"),
    isRepeatable: true,
    "Only the row with this primary key; of several columns 'a,b' or the JSON array '[\"a\",\"b\"]'"
  )
  /// The option `--keys FILE`.
  static let rowKeys = Option(
    "keys",
    value: .text("FILE", completion: .files),
    "Only rows with the primary keys in this file, one a line"
  )
  /// The option `--changed-messages`.
  static let changedMessages = Option(
    "changed-messages",
    "Only rows whose message under today's settings differs from the one that was sent"
  )
}

extension CommandContext {
  /// The rows that `--where`, `--key`, `--keys` and `--changed-messages` choose; nil if none of them
  /// is there.
  func rowPart() throws(CommandFailure) -> RowPart? {
    let condition = arguments.value(of: .condition)
    var keys = arguments.values(of: .rowKey)
    var typed = condition.map { ["--where \(ShellWord.quoted($0))"] } ?? []
    typed += keys.map { "--key \(ShellWord.quoted($0))" }
    if let file = arguments.value(of: .rowKeys) {
      typed.append("--keys \(ShellWord.quoted(file))")
      keys += try Self.lines(of: absolute(file))
    }
    let changedMessages = arguments.has(.changedMessages)
    if changedMessages { typed.append("--\(Option.changedMessages.name)") }
    if typed.isEmpty { return nil }
    return RowPart(
      condition: condition,
      keys: keys,
      changedMessages: changedMessages,
      typed: typed.joined(separator: " ")
    )
  }

  /// Most bytes of a file of keys.
  private static let keysMax = 64 << 20

  private static func lines(of path: String) throws(CommandFailure) -> [String] {
    guard let bytes = SmallFile.read(path, upTo: keysMax) else {
      throw CommandFailure(
        .usage,
        "--keys: \(path) cannot be read: \(String(cString: strerror(errno)))"
      )
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }.filter { !$0.isEmpty }
    if lines.isEmpty { throw CommandFailure(.usage, "--keys: \(path) has no key in it") }
    return lines
  }
}
