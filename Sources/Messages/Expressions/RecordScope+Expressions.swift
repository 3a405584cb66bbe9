internal import Text
internal import JMESPath
internal import JSON
internal import Liquid
internal import Rows
internal import Settings
internal import Values

/// What expressions see under `metadata` besides the sync's headers, in the order of its members.
enum MetadataMember: String, CaseIterable {
  case sync, model, change
  case changedColumns = "changed_columns"
  case eventID = "event_id"
  case topic, timestamp
  case runID = "run_id"

  /// The variable that it is; nil for what no template sees.
  var variable: TemplateVariable? {
    switch self {
    case .sync: .syncName
    // As in the header `topic`, which is the model.
    case .model, .topic: .modelName
    case .change: .change
    case .changedColumns: .changedColumns
    case .eventID: .eventID
    case .timestamp: nil
    case .runID: .runID
    }
  }

  func value(_ scope: RecordScope) -> Value {
    variable.map { scope.value(of: $0) } ?? .integer(scope.startedAtSeconds)
  }
}

extension RecordScope: ExpressionSlots {
  /// The slot of what expressions see under `root`; nil if it has none.
  static func slot(of member: String, under root: String, shape: Shape) -> Int? {
    let count = shape.columns.count
    switch root {
    case "data": return shape.index(of: member)
    case "previous": return shape.index(of: member).map { count + $0 }
    case "metadata":
      return MetadataMember(rawValue: member)?.variable.map { 2 * count + $0.number }
    default: return nil
    }
  }

  func append(slot: Int, to output: inout ByteBuffer) -> Bool {
    if isCopied(slot: slot) {
      let start = output.count
      append(slot: slot, as: .json, to: &output)
      if !output.bytes(start..<output.count).elementsEqual("null".utf8) { return true }
      output.truncate(to: start)
      return false
    }
    let value = value(slot: slot)
    if value.isNull { return false }
    output.append(json: value)
    return true
  }
}
