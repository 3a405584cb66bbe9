internal import Text
internal import JSON
internal import Rows

/// The value of a message.
extension MessageWriter {
  mutating func appendBody(
    _ plan: TriggerPlan,
    key: Range<Int>?,
    id: Range<Int>,
    to bytes: inout ByteBuffer
  ) throws(Rejection) -> Range<Int>? {
    let start = bytes.count
    if let steps = plan.steps {
      for step in steps { try append(step, plan: plan, id: id, to: &bytes) }
      guard bytes.count - start <= plan.byteCountMax else {
        throw Rejection("the template: more than \(plan.byteCountMax) bytes of output")
      }
      return start..<bytes.count
    }
    switch plan.body {
    case .tombstone:
      if key == nil { throw Rejection("a tombstone needs a key, and it has none") }
      return nil
    case .wholeMissing: bytes.append("null")
    case .whole(let index, let form):
      try appendWhole(fields[index], form: form, name: plan.columnNames[index], to: &bytes)
    case .template(let template):
      text.removeAll()
      if let scope = plan.scope { try template.render(scope, into: &text) }
      do throws(JSONError) {
        try scanner.compact(text.bytes, into: &bytes)
      } catch {
        throw Rejection(template.origin.invalidJSON, error, of: "the output")
      }
    case .expression(let expression):
      guard let scope = plan.scope else { break }
      let headers = try Self.headers(of: expression, scope, fields: fields, writer: &writer)
      try expression.write(scope, headers: headers, to: &bytes)
    case .encoded(let encoder): try encoder.append(fields, to: &bytes)
    case .steps: break
    }
    return start..<bytes.count
  }

  @inline(__always) private mutating func append(
    _ step: BodyStep,
    plan: TriggerPlan,
    id: Range<Int>,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    output.append(plan.constants.bytes(step.bytes))
    switch step.value {
    case .nothing: break
    case .field(let index, let form):
      do throws(Rejection) {
        try writer.appendJSON(fields[index], form, to: &output)
      } catch {
        throw error.of("column '\(plan.columnNames[index])'")
      }
    case .escaped(let index, let form):
      do throws(Rejection) {
        try writer.appendEscaped(fields[index], form: form, scratch: &text, to: &output)
      } catch {
        throw error.of("column '\(plan.columnNames[index])'")
      }
    case .eventID:
      text.removeAll()
      text.append(output.bytes(id))
      output.append(quoted: text.bytes)
    case .template(let number):
      guard let scope = plan.scope else { return }
      let template = plan.templates[number]
      if template.isLone { return output.append(json: try template.value(scope)) }
      text.removeAll()
      try template.render(scope, into: &text)
      _ = output.append(quoted: text.bytes)
    case .expression(let number):
      guard let scope = plan.scope else { return }
      let expression = plan.expressions[number]
      let headers = try Self.headers(of: expression, scope, fields: fields, writer: &writer)
      try expression.write(scope, headers: headers, to: &output)
    }
  }

  /// A column that holds the whole JSON: as text it must be JSON itself.
  private mutating func appendWhole(
    _ field: UnsafeRawBufferPointer,
    form: FieldForm,
    name: String,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return output.append("null") }
    do throws(Rejection) {
      guard form.isText(field) else { return try writer.appendJSON(field, form, to: &output) }
      text.removeAll()
      try writer.appendText(field, form, to: &text)
    } catch {
      throw error.of("column '\(name)'")
    }
    do throws(JSONError) {
      try scanner.compact(text.bytes, into: &output)
    } catch {
      throw Rejection("column '\(name)' holds no valid JSON", error, of: "its text")
    }
  }
}
