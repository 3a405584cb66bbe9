internal import Values

extension Value {
  /// Whether a condition takes it for true: what is not null, false or empty.
  var isTruthy: Bool {
    switch self {
    case .null: false
    case .bool(let value): value
    case .string(let text): !text.isEmpty
    case .array(let items): !items.isEmpty
    case .object(let object): !object.isEmpty
    case .integer, .bigInteger, .decimal, .float: true
    }
  }

  /// Whether both are the same value; numbers by what they amount to, strings by code points.
  func equals(_ other: Value) -> Bool {
    switch (self, other) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.string(let left), .string(let right)): return left.isSame(as: right)
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      return left.keys.allSatisfy { key in
        guard let mine = left[key], let theirs = right[key] else { return false }
        return mine.equals(theirs)
      }
    default: return Value.compareNumbers(self, other) == .same
    }
  }

  /// Whether it comes before `other`: two numbers or two strings.
  func precedes(_ other: Value) -> Bool {
    if case .string(let left) = self, case .string(let right) = other {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return Value.compareNumbers(self, other) == .ascending
  }

  /// What the function `type` calls it.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .bigInteger, .decimal, .float: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

extension String {
  /// Whether both have the same code points; Swift's own `==` also takes other spellings of a
  /// character for it.
  func isSame(as other: String) -> Bool {
    MemberName.haveSameBytes(self, other)
  }
}
