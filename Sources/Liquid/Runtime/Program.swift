import Values

/// One step of a program.
///
/// Plain bits: what does not fit is in the program's tables.
enum Instruction {
  /// Writes bytes of the source; `transitions` is what they do to the place in JSON.
  case text(start: Int32, count: Int32, transitions: UInt32)
  case output(node: Int32, ending: OutputEnding)
  /// Writes a slot of the data straight.
  case slot(Int32)
  case jump(Int32)
  /// Jumps where the node's truth is `sense`.
  case branch(node: Int32, sense: Bool, to: Int32)
  case assign(symbol: Int32, node: Int32)
  case beginCapture
  case endCapture(symbol: Int32)
  case endIfChanged
  case increment(symbol: Int32)
  case decrement(symbol: Int32)
  case cycle(Int32)
  /// Takes the collection, and jumps where there is nothing in it.
  case beginLoop(loop: Int32, otherwise: Int32)
  /// Goes on to the next round at `body`, or falls through behind the last.
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
  case fail(Int32)
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
  case compare(Comparison, Int32, Int32)
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

/// A filter's call in a program.
struct FilterEntry {
  var filter: Filter
  var name: String
  var input: Int32
  var arguments: [Int32]
  var keywords: [(name: String, node: Int32)]
  var offset: Int32
}

struct LoopEntry {
  var variable: Int32
  var collection: Int32
  var name: String
  var isReversed: Bool
  var limit: Int32
  var offset: Int32
  var continues: Bool
}

struct TableRowEntry {
  var variable: Int32
  var collection: Int32
  var columns: Int32
  var limit: Int32
  var offset: Int32
}

struct CycleEntry {
  var name: Int32
  var key: String
  var values: [Int32]
}

struct CaseEntry {
  var subject: Int32
  var values: [Int32]
}

struct IncludeEntry {
  var template: Int32
  var variable: Int32
  var alias: String?
  var arguments: [(symbol: Int32, node: Int32)]
}

struct RenderEntry {
  var template: String
  var symbol: Int32
  var variable: Int32
  var isLoop: Bool
  var arguments: [(symbol: Int32, node: Int32)]
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
  var faults: [Fault] = []
  var registerCount = 0
  /// The slots and roots that it asks for.
  var slots: Set<Int> = []
  var roots: Set<Int> = []
}
