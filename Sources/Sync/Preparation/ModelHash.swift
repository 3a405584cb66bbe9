internal import Rows

public import Settings

/// Tells whether a model is still the one that last ran.
public enum ModelHash {
  /// A hash of the SQL and of the casts.
  public static func text(of model: ModelSettings) -> String {
    let casts = model.types.map { "\($0.key) \($0.value.value.rawValue)" }.sorted()
    var text = ([model.sql] + casts).joined(separator: "\n")
    let hash = text.withUTF8 { Hashing.hash128(UnsafeRawBufferPointer($0), seed: 0) }
    return "\(hash.high) \(hash.low)"
  }
}
