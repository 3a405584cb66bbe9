internal import Values

/// What an expression reads of its input, so that nothing else needs to be there.
public struct InputUse: Sendable {
  /// Paths of members that are read as a whole; the empty path is the input itself.
  public internal(set) var read: Set<[String]> = []
  /// Paths of members of which it matters only whether they are null.
  public internal(set) var tested: Set<[String]> = []
}

extension Expression {
  /// What the expression reads of its input.
  public var inputUse: InputUse {
    var reader = InputReader(program)
    reader.read(program.nodes.count - 1, [])
    return reader.use
  }
}

/// Follows a program without a value: paths of the input as long as they are known.
private struct InputReader {
  let program: Program
  var use = InputUse()

  init(_ program: Program) {
    self.program = program
  }

  /// Notes that all of what `node` makes of the member at `path` is read.
  mutating func read(_ node: Int, _ path: [String]?) {
    if let result = follow(node, path) { use.read.insert(result) }
  }

  /// The path of what `node` makes of the member at `path`; nil if it makes something new.
  private mutating func follow(_ node: Int, _ path: [String]?) -> [String]? {
    switch program.nodes[node] {
    case .current: return path
    case .literal, .slot: return nil
    case .field(let name): return path.map { $0 + [name.text] }
    case .path(let names): return path.map { $0 + names.map(\.text) }
    case .index, .slice:
      if let path { use.read.insert(path) }
    case .chain(let first, let second): return follow(second, follow(first, path))
    // What is done with items reads nothing but the items.
    case .flatten(let array), .projection(let array, _), .valueProjection(let array, _),
      .filter(let array, condition: _, _), .not(let array):
      read(array, path)
    case .comparison(_, let left, let right), .or(let left, let right), .and(let left, let right):
      read(left, path)
      read(right, path)
    case .list(let items): select(items, path)
    case .hash(let members): select(members.map(\.value), path)
    case .call(let call):
      for case .value(let argument) in call.arguments { read(argument, path) }
    }
    return nil
  }

  private mutating func select(_ items: [Int], _ path: [String]?) {
    if let path { use.tested.insert(path) }
    for item in items { read(item, path) }
  }
}
