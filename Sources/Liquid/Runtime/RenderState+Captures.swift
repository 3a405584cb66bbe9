import Text
import JSON
import Values

/// A body whose output is taken, or looked at, before it is written.
struct Capture {
  enum Kind {
    /// Text, as in text mode.
    case text
    /// JSON, from outside quotes.
    case fragment
    /// As the text around it.
    case sameAsAround
  }

  var kind: Kind
  /// Where in the output it begins.
  var start: Int
  /// Where in JSON the text around it is.
  var place: UInt8
  /// Whether the text around it is JSON.
  var isJSON: Bool
}

extension RenderState {
  mutating func beginCapture(_ kind: Capture.Kind, at start: Int) {
    captures.append(Capture(kind: kind, start: start, place: place, isJSON: writesJSON))
    switch kind {
    case .text: writesJSON = false
    case .fragment:
      writesJSON = isJSON
      place = JSONPlace.outside
    case .sameAsAround: break
    }
  }

  /// Takes what was written since the capture began out of the output.
  mutating func endCapture(_ output: inout ByteBuffer) throws(Fault) -> Operand {
    let (capture, text) = takeCapture(&output)
    let end = place
    (place, writesJSON) = (capture.place, capture.isJSON)
    guard capture.kind == .fragment else { return .string(text) }
    guard end == JSONPlace.outside else {
      throw Fault(.place, "a capture that holds JSON ends inside quotes")
    }
    return .fragment(Fragment(text: text, isConstant: false))
  }

  /// Writes the body of `ifchanged` where it differs from the one before.
  mutating func endIfChanged(_ output: inout ByteBuffer) {
    let end = place
    let (capture, text) = takeCapture(&output)
    place = capture.place
    guard text != scope.lastChanged else { return }
    scope.lastChanged = text
    output.append(text)
    place = end
  }

  private mutating func takeCapture(_ output: inout ByteBuffer) -> (Capture, text: String) {
    let capture =
      captures.popLast()
      ?? Capture(kind: .sameAsAround, start: output.count, place: place, isJSON: writesJSON)
    let start = min(capture.start, output.count)
    let text = String(decoding: output.bytes(start..<output.count), as: UTF8.self)
    output.truncate(to: start)
    return (capture, text)
  }

  /// Writes a fragment where JSON is written.
  mutating func write(_ fragment: Fragment, _ output: inout ByteBuffer) {
    if place == JSONPlace.inside {
      output.append(escaped: fragment.text)
    } else if fragment.isConstant, isAfterColon(output) {
      output.append(json: .string(fragment.text))
    } else {
      output.append(fragment.text)
    }
  }

  /// Whether a member's value is owed here.
  private func isAfterColon(_ output: borrowing ByteBuffer) -> Bool {
    let start = captures.last?.start ?? outputStart
    let bytes = output.bytes(start..<output.count)
    return bytes.last { !$0.isSpace } == UInt8(ascii: ":")
  }
}
