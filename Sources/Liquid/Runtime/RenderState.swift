import Values

/// A variable while rendering: what a loop or include holds it at, and what was assigned.
struct Local {
  var scoped: Operand?
  var assigned: Operand?
}

/// The variables and memories that a partial rendered apart does not share.
struct RenderScope {
  var locals: [Local] = []
  var counters: [Int: Int] = [:]
  var cycles: [String: Int] = [:]
  var loopEnds: [String: Int] = [:]
  var lastChanged: String?
  /// Where in the stack of loops this scope begins.
  var loopBase = 0
  /// Whether the data cannot be seen from here.
  var isIsolated = false
}

/// A loop that is being walked.
struct LoopState {
  enum Kind {
    case loop
    case tableRow
    case partial
  }

  var kind: Kind
  var items: [Value]
  /// The first number, where a range is walked instead of items.
  var rangeStart: Int?
  /// The first item to take, and how many.
  var start: Int
  var count: Int
  var index = 0
  var isReversed = false
  var variable: Int
  var savedVariable: Operand?
  var savedLoop: Operand?
  var serial: Int
  var name: String
  /// Where in the stack the loops begin that it can see around it.
  var base = 0
  var columns = 0
  var isText = false
}

/// How a program ended.
enum Completion {
  case finished
  case interrupted(Interrupt)
}

/// Everything that changes while a template is rendered.
struct RenderState: ~Copyable {
  let options: TemplateOptions
  let library: PartialLibrary
  let clock: TemplateClock
  var names: [String] = []
  var remembersLoops = false
  var scope = RenderScope()
  /// The scopes around the partials that are being rendered apart.
  var outerScopes: [RenderScope] = []
  var loops: [LoopState] = []
  var serial = 0
  /// The captures that are open, the innermost last.
  var captures: [Capture] = []
  /// Whether what is written now is JSON, not text.
  var writesJSON: Bool
  var registers: [Int] = []
  var registerBase = 0
  var place = JSONPlace.outside
  let isJSON: Bool
  var iterations = 0
  /// How many filters were called, to look at the clock now and then.
  var filterCalls = 0
  var depth = 0
  var outputStart = 0
  var deadline: UInt64?
  var pending: Interrupt?
  /// Errors that were written into the output.
  var inlineErrors = 0

  init(library: PartialLibrary, clock: TemplateClock) {
    self.library = library
    self.clock = clock
    options = library.options
    isJSON = library.options.mode == .json
    writesJSON = isJSON
  }

  mutating func begin(outputStart: Int) {
    if names.isEmpty { grow() }
    if !scope.locals.isEmpty {
      for index in scope.locals.indices { scope.locals[index] = Local() }
    }
    if !scope.counters.isEmpty { scope.counters = [:] }
    if !scope.cycles.isEmpty { scope.cycles = [:] }
    if !scope.loopEnds.isEmpty { scope.loopEnds = [:] }
    scope.lastChanged = nil
    scope.isIsolated = false
    scope.loopBase = 0
    if !loops.isEmpty { loops.removeAll(keepingCapacity: true) }
    if !captures.isEmpty { captures.removeAll(keepingCapacity: true) }
    registerBase = 0
    place = JSONPlace.outside
    writesJSON = isJSON
    if !outerScopes.isEmpty { outerScopes.removeAll(keepingCapacity: true) }
    iterations = 0
    depth = 0
    pending = nil
    inlineErrors = 0
    self.outputStart = outputStart
    deadline = nil
  }

  /// Makes room for the variables that are known by now.
  mutating func grow() {
    remembersLoops = library.remembersLoops
    let known = library.symbols.names
    guard known.count > names.count || scope.locals.count < known.count else { return }
    names = known
    while scope.locals.count < known.count { scope.locals.append(Local()) }
  }

  /// Counts a round of a loop, and looks at the limits.
  mutating func countRound(_ outputCount: Int) throws(Fault) {
    iterations += 1
    if iterations > options.limits.iterations {
      throw Fault(.limit, "more than \(options.limits.iterations) rounds of loops")
    }
    try checkOutput(outputCount)
    // The first look at the clock comes late: most templates are done by then.
    if iterations & 63 == 0 { try checkTime() }
  }

  mutating func checkOutput(_ outputCount: Int) throws(Fault) {
    if outputCount - outputStart > options.limits.outputBytes {
      throw Fault(.limit, "more than \(options.limits.outputBytes) bytes of output")
    }
  }

  mutating func checkTime() throws(Fault) {
    guard let time = options.limits.time else { return }
    let now = clock.elapsed()
    guard let deadline else {
      let (seconds, attoseconds) = time.components
      let span = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
      let nanoseconds = span.overflow ? UInt64.max / 2 : span.partialValue
      let (sum, overflow) = now.addingReportingOverflow(
        nanoseconds &+ UInt64(clamping: attoseconds / 1_000_000_000)
      )
      self.deadline = overflow ? UInt64.max : sum
      return
    }
    if now > deadline { throw Fault(.limit, "rendering takes longer than \(time)") }
  }
}
