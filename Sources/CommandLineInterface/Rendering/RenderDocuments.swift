import Configuration
import JSON
import Settings
import Values

/// The objects in a text of JSON: one, an array of them, or one a line.
struct RenderDocuments {
  /// An object and where it stands, for messages.
  struct Document {
    let object: Object
    let place: String
  }

  let input: InputText
  private let parser = JSONParser()

  init(_ input: InputText) {
    self.input = input
  }

  /// Hands over at most `limit` documents in order, until `body` is not content.
  func forEach(limit: Int, _ body: (Document) throws -> Void) throws {
    if input.bytes.allSatisfy(\.isJSONSpace) { throw failure("there is no JSON in it") }
    let whole: Value?
    do throws(JSONError) {
      whole = try parse(input.bytes[...])
    } catch {
      guard isLines else { throw wrong(error, line: error.line, in: input.bytes[...]) }
      whole = nil
    }
    guard let whole else { return try forEachLine(limit: limit, body) }
    try documents(in: whole).prefix(limit).forEach(body)
  }

  private func documents(in value: Value) throws -> [Document] {
    guard case .array(let items) = value else { return [try document(value, input.name)] }
    return try items.enumerated().map { index, item in
      try document(item, "\(input.name), element \(index + 1)")
    }
  }

  private func forEachLine(limit: Int, _ body: (Document) throws -> Void) throws {
    var number = 0
    var count = 0
    for line in input.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy(\.isJSONSpace) { continue }
      if count == limit { return }
      count += 1
      let value: Value
      do throws(JSONError) {
        value = try parse(line)
      } catch {
        throw wrong(error, line: number, in: line)
      }
      try body(try document(value, "\(input.name):\(number)"))
    }
  }

  /// Whether the first line that is not empty is a whole value, so that the next is another one.
  private var isLines: Bool {
    let lines = input.bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first(where: { !$0.allSatisfy(\.isJSONSpace) }) else { return false }
    return (try? parse(first)) != nil
  }

  private func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> Value {
    var result: Result<Value, JSONError> = .success(.null)
    bytes.withUnsafeBytes { bytes in
      do throws(JSONError) {
        result = .success(try parser.parse(bytes))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  private func document(_ value: Value, _ place: String) throws -> Document {
    guard case .object(let object) = value else {
      throw CommandFailure(
        .failed,
        "\(place): expected an object",
        kind: .unusableValue,
        hint: "write the row as an object, or {\"row\": {…}, \"previous\": {…}}"
      )
    }
    return Document(object: object, place: place)
  }

  private func wrong(
    _ error: JSONError,
    line: Int,
    in bytes: ArraySlice<UInt8>
  ) -> ReportedDiagnostic {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let text = error.line <= lines.count ? lines[error.line - 1] : []
    return ReportedDiagnostic(
      code: .failed,
      diagnostic: Diagnostic(
        error.reason,
        at: SourceLocation(file: input.name, line: line, column: error.column),
        line: String(decoding: text, as: UTF8.self),
        kind: .unusableValue
      )
    )
  }

  private func failure(_ reason: String) -> CommandFailure {
    CommandFailure(.failed, "\(input.name): \(reason)")
  }
}

/// An error at a place, which is shown when the command ends, with the code that it ends with.
struct ReportedDiagnostic: Error {
  let code: ExitCode
  let diagnostic: Diagnostic
}

extension UInt8 {
  fileprivate var isJSONSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D
  }
}
