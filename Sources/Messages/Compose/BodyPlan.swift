internal import Bytes
internal import JSON
internal import Rows
internal import Settings

/// The body of a message, compiled for one shape.
enum BodyPlan {
  /// A null value.
  case tombstone
  /// A column that holds the whole JSON.
  case whole(index: Int, form: FieldForm, name: String)
  /// The same of a column that older rows lack: null.
  case wholeMissing
  /// Constant bytes and fields in turn.
  case steps([BodyStep])
}

/// One piece of a body.
enum BodyStep {
  /// The same bytes in every message.
  case bytes([UInt8])
  /// The JSON of a field.
  case field(index: Int, form: FieldForm, name: String)
  /// The id of the event as a JSON string.
  case eventID
}

extension ValueCompiler {
  func compile(_ body: BodyForm) throws(ComposerError) -> BodyPlan {
    switch body {
    case .tombstone: return .tombstone
    case .allColumns:
      return try object(
        shape.columns.map { NamedMember(name: $0.name, form: .value(Located(.column($0.name)))) }
      )
    case .columns(let names):
      return try object(
        names.map { name in
          NamedMember(
            name: name.value,
            form: .value(Located(.column(name.value), at: name.location))
          )
        }
      )
    case .object(let members): return try object(members)
    case .column(let name):
      guard case .column(let index, let form, let name) = try column(name) else {
        return .wholeMissing
      }
      return .whole(index: index, form: form, name: name)
    case .template(let text), .jmespath(let text):
      throw ComposerError("this kind of message is not available yet", at: text.location)
    case .templateFile(_, let path):
      throw ComposerError("this kind of message is not available yet", at: path.location)
    }
  }

  private func object(_ members: [NamedMember]) throws(ComposerError) -> BodyPlan {
    var builder = StepBuilder()
    try append(members, to: &builder)
    return .steps(builder.finish())
  }

  private func append(
    _ members: [NamedMember],
    to builder: inout StepBuilder
  ) throws(ComposerError) {
    builder.bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { builder.bytes.append(UInt8(ascii: ",")) }
      builder.bytes.append(quoted: member.name)
      builder.bytes.append(UInt8(ascii: ":"))
      switch member.form {
      case .object(let nested): try append(nested, to: &builder)
      case .value(let value):
        switch try compile(value) {
        case .constant(_, let json): builder.bytes.append(json)
        case .missing: builder.bytes.append("null")
        case .eventID: builder.append(.eventID)
        case .column(let index, let form, let name):
          builder.append(.field(index: index, form: form, name: name))
        }
      }
    }
    builder.bytes.append(UInt8(ascii: "}"))
  }
}

/// Joins constant bytes into one step each.
private struct StepBuilder: ~Copyable {
  var bytes = ByteBuffer()
  private var steps: [BodyStep] = []

  mutating func append(_ step: BodyStep) {
    flush()
    steps.append(step)
  }

  consuming func finish() -> [BodyStep] {
    flush()
    return steps
  }

  private mutating func flush() {
    if bytes.count > 0 { steps.append(.bytes(Array(bytes.bytes))) }
    bytes.removeAll()
  }
}
