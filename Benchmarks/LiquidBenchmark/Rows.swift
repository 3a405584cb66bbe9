import Text
import JSON
import Liquid
import Values

/// Rows to render: decoded values, as the other engines have them.
struct ValueRow: TemplateData {
  var columns: [Value]
  var names: [String]

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    output.append(columns[slot], as: form)
  }

  func value(slot: Int) -> Value { columns[slot] }

  func value(root: Int) -> Value { .object(Object(Array(zip(names, columns)))) }

  func value(root: Int, key: String) -> Value {
    names.firstIndex(of: key).map { columns[$0] } ?? .null
  }

  func value(named name: String) -> Value? { nil }
}

/// The same rows as bytes of a record, which plain outputs copy from.
struct ByteRow: TemplateData {
  var bytes: UnsafeRawBufferPointer
  var fields: [Range<Int>]
  var isText: [Bool]
  var values: ValueRow

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    let field = UnsafeRawBufferPointer(rebasing: bytes[fields[slot]])
    switch form {
    case .text: output.append(field)
    case .escaped: output.append(escaped: field)
    case .json:
      if isText[slot] { output.append(quoted: field) } else { output.append(field) }
    }
  }

  func value(slot: Int) -> Value { values.value(slot: slot) }

  func value(root: Int) -> Value { values.value(root: root) }

  func value(root: Int, key: String) -> Value { values.value(root: root, key: key) }

  func value(named name: String) -> Value? { nil }
}

/// A thousand customers, one JSON object a line.
enum Customers {
  static let names = ["id", "email", "full_name", "plan", "age", "tags"]

  static func lines() -> [String] {
    let first = ["Ada", "Bruno", "Chloé", "Dmitri", "Emeka", "Farida", "Gunnar"]
    let last = ["Lovelace", "Okafor", "García", "Novak", "Tanaka", "Müller"]
    let plans = ["free", "basic", "pro", "enterprise"]
    return (1...1000).map { id in
      let tags = (0..<(id % 4 + 1)).map { "\"Tag\(id % 7 + $0)\"" }.joined(separator: ",")
      let name = "\(first[id % 7]) \(last[id % 6])"
      let email = "user\(id)@mail\(id % 97).example.com"
      return "{\"id\":\(id),\"email\":\"\(email)\",\"full_name\":\"\(name)\","
        + "\"plan\":\"\(plans[id % 4])\",\"age\":\(20 + id % 60),\"tags\":[\(tags)]}"
    }
  }

  static let schema = TemplateSchema(roots: [
    .init("row", .object(Dictionary(uniqueKeysWithValues: zip(names, 0...)), isClosed: true))
  ])
}
