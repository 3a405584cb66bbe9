public import Text
import JSON
public import Values

/// In what form a slot is appended.
public enum SlotForm: Sendable {
  /// As text: null is nothing, a string is itself.
  case text
  /// As text escaped for the inside of a JSON string.
  case escaped
  /// As a JSON value: null, numbers and booleans plain, strings quoted.
  case json
}

/// What a template is rendered over.
///
/// The renderer is generic over it, so that the plain paths cost a direct call: a slot goes
/// straight into the output, without a `Value` or `String` in between. Slots and roots are the
/// numbers that the template's schema gave them; without a schema only `value(named:)` is asked.
public protocol TemplateData {
  /// Appends slot number `slot` to `output`.
  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer)

  /// The value of slot number `slot`.
  func value(slot: Int) -> Value

  /// The whole of root number `root`, nil if there is none.
  func value(root: Int) -> Value

  /// The member `key` of root number `root`, null if it has none.
  func value(root: Int, key: String) -> Value

  /// The variable `name` that no schema knows, nil if there is none.
  func value(named name: String) -> Value?
}

/// Data that is one object: each member is a variable.
public struct ValueData: TemplateData, Sendable {
  /// The variables.
  public var object: Object

  /// Creates data of `object`.
  public init(_ object: Object) {
    self.object = object
  }

  /// Appends nothing, because no schema numbers its variables.
  public func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {}

  /// Null, because no schema numbers its variables.
  public func value(slot: Int) -> Value { .null }

  /// Null, because no schema numbers its variables.
  public func value(root: Int) -> Value { .null }

  /// Null, because no schema numbers its variables.
  public func value(root: Int, key: String) -> Value { .null }

  /// The member `name` of the object.
  public func value(named name: String) -> Value? { object[name] }
}

extension ByteBuffer {
  /// Appends `value` in one of the forms of a slot, as a template would.
  public mutating func append(_ value: Value, as form: SlotForm) {
    switch form {
    case .json: append(json: value)
    case .text: append(text: value)
    case .escaped: append(escapedText: value)
    }
  }
}
