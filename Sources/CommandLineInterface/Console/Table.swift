/// Rows of text in aligned columns.
public struct Table: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// What stands above it.
    public let title: String
    /// Whether its texts end at the same column, as numbers do.
    public let isNumeric: Bool
    /// Whether its texts may be cut off where a terminal is too narrow.
    public let isFlexible: Bool
    /// Whether its texts are sentences, of which one that does not fit stands below its row.
    ///
    /// Only for the last column.
    public let isSentence: Bool

    /// Describes a column.
    public init(
      _ title: String,
      isNumeric: Bool = false,
      isFlexible: Bool = false,
      isSentence: Bool = false
    ) {
      self.title = title
      self.isNumeric = isNumeric
      self.isFlexible = isFlexible || isSentence
      self.isSentence = isSentence
    }
  }

  private static let gap = "  "
  private let columns: [Column]
  private var rows: [[String]] = []

  /// Creates a table without rows.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; what is missing at its end stays empty, what is too much is left out.
  public mutating func append(_ row: [String]) {
    let cells = row.prefix(columns.count).map(\.printable)
    rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
  }

  /// Whether it has no rows.
  public var isEmpty: Bool { rows.isEmpty }

  /// Its lines, titles first; with `width` flexible columns are cut so that they fit, and sentences
  /// that do not fit have lines of their own.
  public func lines(width: Int? = nil) -> [String] {
    let widths = widths(fitting: width)
    return ([columns.map(\.title)] + rows).flatMap { row -> [String] in
      guard columns.last?.isSentence == true, let last = row.last, let room = widths.last,
        last.columns > room
      else { return [line(row, widths)] }
      return [line(row.dropLast(), widths)]
        + TextWrap.lines([Self.indent + last], width: width)
    }
  }

  /// Where a sentence begins that stands below its row.
  private static let indent = "    "

  private func line(_ row: some Sequence<String>, _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in row.enumerated() {
      let text = cell.truncated(to: widths[index])
      let padding = String(repeating: " ", count: max(0, widths[index] - text.columns))
      if index > 0 { line += Self.gap }
      line += columns[index].isNumeric ? padding + text : text + padding
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private func widths(fitting width: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.reduce(columns[index].title.columns) { max($0, $1[index].columns) }
    }
    guard let width else { return widths }
    let gaps = Self.gap.count * max(0, columns.count - 1)
    let flexible = columns.indices.filter { columns[$0].isFlexible }
    // The widest one gives first; none gets narrower than its title.
    while widths.reduce(gaps, +) > width {
      let widest = flexible.filter { widths[$0] > max(8, columns[$0].title.columns) }
        .max { widths[$0] < widths[$1] }
      guard let widest else { break }
      widths[widest] -= 1
    }
    return widths
  }
}
