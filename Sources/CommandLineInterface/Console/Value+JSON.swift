import Bytes
import JSON
public import Values

extension Value {
  /// Its compact JSON text.
  public var json: String {
    var buffer = ByteBuffer()
    buffer.append(json: self)
    return buffer.text
  }

  /// The text, or null.
  public static func optional(_ text: String?) -> Value {
    text.map(Value.string) ?? .null
  }
}
