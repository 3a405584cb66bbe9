internal import Text
internal import JSON

public import Values

extension Value {
  /// Its compact JSON text.
  public var jsonText: String {
    var buffer = ByteBuffer()
    buffer.append(json: self)
    return buffer.text
  }

  /// The value that `json` writes; the text itself if it is not JSON.
  public init(json: String) {
    self = (try? JSONParser().parse(json)) ?? .string(json)
  }

  /// The text, or null.
  public static func optional(_ text: String?) -> Value {
    text.map(Value.string) ?? .null
  }

  /// The number, or null.
  public static func optional(_ number: Int?) -> Value {
    number.map(Value.integer) ?? .null
  }

  /// True, false or null.
  public static func optional(_ flag: Bool?) -> Value {
    flag.map(Value.bool) ?? .null
  }

  /// An object of `members`, in their order.
  static func object(_ members: [(String, Value)]) -> Value {
    .object(Object(members))
  }

  /// The text; null if it is empty, which stands for "not known" in the fields of reports.
  static func known(_ text: String) -> Value {
    text.isEmpty ? .null : .string(text)
  }
}
