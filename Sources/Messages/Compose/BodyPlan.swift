internal import Text
internal import JSON
internal import Liquid
internal import Rows
internal import Settings

/// The body of a message, compiled for one shape.
enum BodyPlan {
  /// A null value.
  case tombstone
  /// A column that holds the whole JSON.
  case whole(index: Int, form: FieldForm)
  /// The same of a column that older rows lack: null.
  case wholeMissing
  /// Constant bytes and fields in turn.
  case steps(BodySteps)
  /// A template in JSON mode.
  case template(TemplatePlan)
  /// A JMESPath expression.
  case expression(ExpressionPlan)
  /// All columns in another format.
  case encoded(any RowEncoder)
}

/// A body that is written piece by piece.
///
/// A class, which frees the memory of the steps.
final class BodySteps {
  /// In memory of their own: an array would be retained for each row.
  let steps: UnsafeBufferPointer<BodyStep>
  /// The bytes of all steps in one run.
  let bytes: [UInt8]
  let templates: [TemplatePlan]
  let expressions: [ExpressionPlan]
  /// The most bytes of a body; only one that is written as a template has a limit.
  let byteCountMax: Int

  init(
    _ steps: [BodyStep],
    bytes: [UInt8],
    templates: [TemplatePlan],
    expressions: [ExpressionPlan],
    byteCountMax: Int
  ) {
    let room = UnsafeMutableBufferPointer<BodyStep>.allocate(capacity: steps.count)
    _ = room.initialize(from: steps)
    self.steps = UnsafeBufferPointer(room)
    self.bytes = bytes
    self.templates = templates
    self.expressions = expressions
    self.byteCountMax = byteCountMax
  }

  deinit {
    steps.deallocate()
  }
}

/// One piece of a body, constant bytes and a value; nothing but bits, like the form of a field.
struct BodyStep {
  /// What comes after the bytes.
  enum Value {
    /// The JSON of a field.
    case field(index: Int, form: FieldForm)
    /// The JSON of a field for the inside of a string; nothing for NULL.
    case escaped(index: Int, form: FieldForm)
    /// The id of the event as a JSON string.
    case eventID
    /// A template of the plan's, by number: a string, or the value of a lone `{{ x }}`.
    case template(Int)
    /// An expression of the plan's, by number.
    case expression(Int)
    /// Nothing: the end of the body.
    case nothing
  }

  /// The same bytes in every message: a part of the plan's.
  let bytes: Range<Int>
  let value: Value
}

extension ValueCompiler {
  /// The plan of a body; a null value after noting what is wrong with it.
  func compile(_ body: BodyForm) -> BodyPlan {
    do throws(ComposerError) {
      return try plan(body)
    } catch {
      faults.add(error)
      return .tombstone
    }
  }

  private func plan(_ body: BodyForm) throws(ComposerError) -> BodyPlan {
    switch body {
    case .tombstone: return .tombstone
    case .allColumns:
      if let encoder { return .encoded(encoder) }
      return object(
        shape.columns.map { NamedMember(name: $0.name, form: .value(Located(.column($0.name)))) }
      )
    case .columns(let names):
      return object(
        names.map { name in
          NamedMember(
            name: name.value,
            form: .value(Located(.column(name.value), at: name.location))
          )
        }
      )
    case .object(let members): return object(members)
    case .column(let name):
      guard case .column(let index, let form, _) = try column(name) else {
        return .wholeMissing
      }
      return .whole(index: index, form: form)
    case .template(let text):
      return steps(orTemplate: try template(text.value, mode: .json, at: text.location))
    case .templateFile(let text, let path):
      return steps(orTemplate: try template(text, path: path.value, mode: .json, at: path.location))
    case .jmespath(let text):
      return .expression(try ExpressionPlan(text.value, at: text.location, self))
    }
  }

  /// A template as it is, or as the steps that come to the same.
  private func steps(orTemplate template: TemplatePlan) -> BodyPlan {
    guard let pieces = template.pieces(columnCount: shape.columns.count) else {
      return .template(template)
    }
    var builder = StepBuilder()
    for piece in pieces {
      switch piece {
      case .text(let text): builder.bytes.append(text)
      case .column(let index): builder.append(.field(index: index, form: form(of: index)))
      case .escapedColumn(let index):
        builder.append(.escaped(index: index, form: form(of: index)))
      }
    }
    return .steps(builder.finish(byteCountMax: templates.options(.json).limits.outputBytes))
  }

  private func form(of index: Int) -> FieldForm {
    FieldForm(shape.columns[index].type, shape.dialect)
  }

  private func object(_ members: [NamedMember]) -> BodyPlan {
    var builder = StepBuilder()
    append(members, to: &builder)
    return .steps(builder.finish())
  }

  private func append(
    _ members: [NamedMember],
    to builder: inout StepBuilder
  ) {
    builder.bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { builder.bytes.append(UInt8(ascii: ",")) }
      builder.bytes.append(quoted: member.name)
      builder.bytes.append(UInt8(ascii: ":"))
      switch member.form {
      case .object(let nested): append(nested, to: &builder)
      case .value(let value):
        switch compile(value) {
        case .constant(_, let json): builder.bytes.append(json)
        // Several columns are a form of keys, which no member has.
        case .missing, .columns: builder.bytes.append("null")
        case .eventID: builder.append(.eventID)
        case .template(let plan): builder.append(plan)
        case .expression(let plan): builder.append(plan)
        case .column(let index, let form, _):
          builder.append(.field(index: index, form: form))
        }
      }
    }
    builder.bytes.append(UInt8(ascii: "}"))
  }
}

/// Joins constant bytes that stand before a value.
private struct StepBuilder: ~Copyable {
  var bytes = ByteBuffer()
  private var steps: [BodyStep] = []
  private var templates: [TemplatePlan] = []
  private var expressions: [ExpressionPlan] = []
  private var joined = 0

  mutating func append(_ value: BodyStep.Value) {
    steps.append(BodyStep(bytes: joined..<bytes.count, value: value))
    joined = bytes.count
  }

  mutating func append(_ template: TemplatePlan) {
    append(.template(templates.count))
    templates.append(template)
  }

  mutating func append(_ expression: ExpressionPlan) {
    append(.expression(expressions.count))
    expressions.append(expression)
  }

  consuming func finish(byteCountMax: Int = .max) -> BodySteps {
    if bytes.count > joined { append(.nothing) }
    return BodySteps(
      steps,
      bytes: Array(bytes.bytes),
      templates: templates,
      expressions: expressions,
      byteCountMax: byteCountMax
    )
  }
}
