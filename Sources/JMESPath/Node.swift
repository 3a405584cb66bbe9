internal import Values

/// One step of a compiled expression; others are named by their number in the program.
enum Node: Sendable {
  case current
  case literal(Value)
  case field(MemberName)
  /// A member of a member, as often as there are names: `a.b.c`.
  case path([MemberName])
  /// A path that begins with a slot; the names are what follows it.
  case slot(Int, [MemberName])
  case index(Int)
  case slice(Slice)
  /// The first, then the second on what came out: `a.b`, `a[0]`, `a | b`.
  case chain(Int, Int)
  case flatten(Int)
  /// Of every item of the first's array the second; null is left out.
  case projection(Int, Int)
  /// The same of every value of an object.
  case valueProjection(Int, Int)
  /// The same of the items that meet the condition.
  case filter(Int, condition: Int, Int)
  case comparison(Comparison, Int, Int)
  case or(Int, Int)
  case and(Int, Int)
  case not(Int)
  case list([Int])
  case hash([HashMember])
  case call(Call)
}

/// A member of a multi-select hash.
struct HashMember: Sendable {
  let name: MemberName
  let value: Int
}

/// `[start:stop:step]`; the step is never zero.
struct Slice: Sendable {
  var start: Int?
  var stop: Int?
  var step = 1
}

/// A call of a function with as many arguments as it takes.
struct Call: Sendable {
  enum Argument: Sendable {
    case value(Int)
    /// `&expression`
    case expression(Int)
  }

  let function: Function
  let arguments: [Argument]
  /// Where its name stands, in bytes.
  let offset: Int
}

/// The steps of an expression; the last one stands for the whole.
final class Program: Sendable {
  let source: String
  let nodes: [Node]
  /// The last node, ready to be taken.
  let root: Step
  /// Whether values may be put into the result so often that its size must be watched.
  let mayMultiply: Bool

  /// Makes a program of at least one node.
  init(source: String, nodes: [Node], mayMultiply: Bool) {
    self.source = source
    self.nodes = nodes
    self.mayMultiply = mayMultiply
    root = Step.make(nodes, source: source).last ?? Step()
  }
}
