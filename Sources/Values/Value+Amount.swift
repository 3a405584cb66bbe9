extension Value {
  /// Whether both amount to the same: numbers by what they are worth, however they are written,
  /// members in any order, everything else as it is.
  public func amounts(to other: Value) -> Bool {
    switch (self, other) {
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.amounts(to: $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && zip(left.keys, left.values).allSatisfy { key, value in
          right[key].map(value.amounts) ?? false
        }
    default: return self == other || Value.compareNumbers(self, other) == .same
    }
  }
}
