public import Rows

extension StateFile {
  /// What the diff needs of a result's shape.
  public struct Comparison: Sendable {
    /// The shape.
    public var shape: Shape
    /// Names of the columns of the primary key.
    public var key: [String]
    /// Names of the columns that count, in the result's order.
    ///
    /// The primary key's are not among them: it is compared by value, which finds the row.
    public var counted: [String]

    /// Describes a comparison.
    public init(shape: Shape, key: [String], counted: [String]) {
      self.shape = shape
      self.key = key
      self.counted = counted.filter { !key.contains($0) }
    }

    /// The columns of the key in lines of `stored`; nil if it lacks one.
    public func keyFields(of stored: Shape) -> [KeyField]? {
      let fields = key.compactMap { name -> KeyField? in
        guard let index = stored.index(of: name), let own = shape.index(of: name) else {
          return nil
        }
        return KeyField(
          index: index,
          stored: stored.columns[index].type,
          stored.dialect,
          comparedWith: shape.columns[own].type
        )
      }
      return fields.count == key.count ? fields : nil
    }

    /// What the entries of the state are made for, `shapeNumber` being that of ``shape``.
    ///
    /// Begins with the version of the hashes: entries of another one are made again.
    public func basis(_ shapeNumber: Int) -> String {
      "3:\(shapeNumber):" + counted.joined(separator: "\t")
    }
  }
}
