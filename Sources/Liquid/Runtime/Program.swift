import Values

/// One step of a program.
///
/// Plain bits: what does not fit is in the program's tables.
enum Instruction {
  /// Writes bytes of the source; `transitions` is what they do to the place in JSON.
  case text(start: Int32, count: Int32, transitions: UInt32)
  case output(node: Int32, ending: OutputEnding)
  /// Writes a value through a filter that changes case, without making a value of the result.
  case plainOutput(node: Int32, filter: CaseChange)
  /// Writes a slot of the data straight.
  case slot(Int32)
  case jump(Int32)
  /// Jumps where the node's truth is `sense`.
  case branch(node: Int32, sense: Bool, to: Int32)
  case assign(symbol: Int32, node: Int32)
  case beginCapture(Capture.Kind)
  case endCapture(symbol: Int32)
  case endIfChanged
  case increment(symbol: Int32)
  case decrement(symbol: Int32)
  case cycle(Int32)
  /// Takes the collection, and jumps where there is nothing in it.
  case beginLoop(loop: Int32, otherwise: Int32)
  /// Begins the next round at `body`, or falls through after the last.
  case nextRound(body: Int32)
  case endLoop
  case beginTableRow(table: Int32, end: Int32)
  case nextCell(body: Int32)
  case endTableRow
  /// Begins a `case`: the register counts the values tried, the flag says whether one matched.
  case beginCase(register: Int32)
  case beginWhen(register: Int32)
  /// Tries the values from the register's count on; jumps where none is left.
  case when(table: Int32, register: Int32, otherwise: Int32)
  case unlessMatched(register: Int32, otherwise: Int32)
  case include(Int32)
  case render(Int32)
  /// Jumps where the partial before ended as usual, not by `break` or `continue`.
  case unlessInterrupted(to: Int32)
  /// Takes a partial's interrupt into the loop around; −1 hands it further out.
  case interrupted(breaks: Int32, continues: Int32)
  /// Ends the program by an interrupt.
  case stop(Interrupt)
}

/// A filter that changes the case of letters.
enum CaseChange: Sendable {
  case capitals
  case small
  case firstCapital
}

/// How an output's chain of filters ends, which decides how JSON is written.
enum OutputEnding {
  case plain
  case raw
  case json
}

/// One step of an expression, in a table; operands are other entries.
enum Node {
  case constant(Int32)
  case variable(Int32)
  /// The second node, or the first while the variable is set to something else.
  case unlessSet(symbol: Int32, set: Int32, given: Int32)
  case slot(Int32)
  case root(Int32)
  case rootMember(root: Int32, key: Int32)
  case computedVariable(Int32)
  case member(base: Int32, name: Int32)
  case index(base: Int32, key: Int32)
  case loopField(LoopField)
  case range(Int32, Int32)
  case filter(Int32)
  case compare(Comparison, left: Int32, right: Int32)
  case unknownComparison(Int32)
  case and(Int32, Int32)
  case or(Int32, Int32)
}

enum LoopField: String {
  case index
  case index0
  case rindex
  case rindex0
  case first
  case last
  case length
}

// The entries are classes so that a step costs one reference, not a copy of every field.

/// A filter's call in a program.
final class FilterEntry: Sendable {
  let filter: Filter
  let name: String
  let input: Int32
  let arguments: [Int32]
  let keywords: [(name: String, node: Int32)]
  let offset: Int32
  /// Whether it has no arguments.
  let isPlain: Bool

  init(
    filter: Filter,
    name: String,
    input: Int32,
    arguments: [Int32],
    keywords: [(name: String, node: Int32)],
    offset: Int32
  ) {
    self.filter = filter
    self.name = name
    self.input = input
    self.arguments = arguments
    self.keywords = keywords
    self.offset = offset
    isPlain = arguments.isEmpty && keywords.isEmpty
  }

  /// What the filter does if it changes the case of letters and nothing else.
  var caseChange: CaseChange? { isPlain ? filter.caseChange : nil }
}

final class LoopEntry: Sendable {
  let variable: Int32
  let collection: Int32
  let name: String
  let isReversed: Bool
  let limit: Int32
  let offset: Int32
  let continues: Bool

  init(
    variable: Int32,
    collection: Int32,
    name: String,
    isReversed: Bool,
    limit: Int32,
    offset: Int32,
    continues: Bool
  ) {
    self.variable = variable
    self.collection = collection
    self.name = name
    self.isReversed = isReversed
    self.limit = limit
    self.offset = offset
    self.continues = continues
  }
}

final class TableRowEntry: Sendable {
  let variable: Int32
  let collection: Int32
  let columns: Int32
  let limit: Int32
  let offset: Int32

  init(
    variable: Int32,
    collection: Int32,
    columns: Int32,
    limit: Int32,
    offset: Int32
  ) {
    self.variable = variable
    self.collection = collection
    self.columns = columns
    self.limit = limit
    self.offset = offset
  }
}

final class CycleEntry: Sendable {
  let name: Int32
  let key: String
  let values: [Int32]

  init(
    name: Int32,
    key: String,
    values: [Int32]
  ) {
    self.name = name
    self.key = key
    self.values = values
  }
}

final class CaseEntry: Sendable {
  let subject: Int32
  let values: [Int32]

  init(
    subject: Int32,
    values: [Int32]
  ) {
    self.subject = subject
    self.values = values
  }
}

final class IncludeEntry: Sendable {
  let template: Int32
  let variable: Int32
  let alias: String?
  let arguments: [(symbol: Int32, node: Int32)]

  init(
    template: Int32,
    variable: Int32,
    alias: String?,
    arguments: [(symbol: Int32, node: Int32)]
  ) {
    self.template = template
    self.variable = variable
    self.alias = alias
    self.arguments = arguments
  }
}

final class RenderEntry: Sendable {
  let template: String
  let symbol: Int32
  let variable: Int32
  let isLoop: Bool
  let arguments: [(symbol: Int32, node: Int32)]

  init(
    template: String,
    symbol: Int32,
    variable: Int32,
    isLoop: Bool,
    arguments: [(symbol: Int32, node: Int32)]
  ) {
    self.template = template
    self.symbol = symbol
    self.variable = variable
    self.isLoop = isLoop
    self.arguments = arguments
  }
}

/// A template or partial, compiled: a flat list of instructions over tables.
///
/// Never changed once it is built.
final class Program: Sendable {
  let source: SourceText
  let tables: ProgramTables

  init(_ source: SourceText, _ tables: ProgramTables) {
    self.source = source
    self.tables = tables
  }
}

/// The tables of a program while they are filled.
struct ProgramTables: Sendable {
  var instructions: [Instruction] = []
  /// For each instruction, where it comes from in the source.
  var offsets: [Int32] = []
  /// For each instruction, where to go on after an error that is written into the output.
  var recoveries: [Int32] = []
  /// For each instruction, whether an error in it is not written into the output.
  var isSilent: [Bool] = []
  var nodes: [Node] = []
  var constants: [Operand] = []
  var names: [String] = []
  var filters: [FilterEntry] = []
  var loops: [LoopEntry] = []
  var tableRows: [TableRowEntry] = []
  var cycles: [CycleEntry] = []
  var cases: [CaseEntry] = []
  var includes: [IncludeEntry] = []
  var renders: [RenderEntry] = []
  var registerCount = 0
  /// What is right by the grammar and probably not meant.
  var warnings: [Fault] = []
  /// The slots and roots that it asks for.
  var slots: Set<Int> = []
  var roots: Set<Int> = []
}
