/// Sizes as users write them: `512KiB`, `1MiB`, `2GiB`, or bytes alone.
public enum ByteSizeText {
  /// The bytes that `text` says; nil when it says none, or more than an `Int` can hold.
  public static func parse(_ text: String) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let count = Int(digits), let unit = units[text.dropFirst(digits.count)] else {
      return nil
    }
    let (product, overflows) = count.multipliedReportingOverflow(by: unit)
    return overflows ? nil : product
  }

  /// A regular expression of what can be a size.
  public static var form: String { "[0-9]+(\(units.keys.sorted().joined(separator: "|")))" }

  private static let units: [Substring: Int] = [
    "": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
  ]
}
