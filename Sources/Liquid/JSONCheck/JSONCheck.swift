import Values

/// Finds what makes the JSON of a template invalid for every row that comes there.
///
/// It walks the template with all states that the output can have there, loops and branches
/// included, and some that it cannot have. Where none of them can take what comes next, no row can.
/// What is right for some rows is left to rendering.
struct JSONCheck {
  /// A template or partial, read.
  struct Part {
    var source: SourceText
    var statements: [Statement]
  }

  /// Where interrupts go that leave a loop.
  struct Exits {
    var breaks: Set<JSONState> = []
    var continues: Set<JSONState> = []
  }

  /// More states than these are not told apart.
  static let statesMax = 128
  private static let roundsMax = 100
  private static let depthMax = 20

  let parts: [Part]
  let kinds: WrittenKinds
  /// The flaws that were found, by their places.
  private(set) var flaws: [TemplatePlace: Fault] = [:]
  var states: Set<JSONState> = [JSONState()]
  /// The loops around, and the template itself.
  var exits = [Exits()]
  /// The number of the part that is walked.
  var part = 0
  private var depth = 0
  /// While loops are walked to find out what comes into them, nothing is told.
  private var isSilent = false
  /// Bytes and states that may still be looked at.
  private var budget = 300_000

  /// `parts` begins with the template itself.
  init(_ parts: [Part]) {
    self.parts = parts
    kinds = WrittenKinds(parts.map(\.statements), in: parts.map(\.source))
  }

  /// Walks the whole template.
  mutating func run() {
    guard let template = parts.first else { return }
    walk(template.statements)
    states.formUnion(exits[0].breaks)
    states.formUnion(exits[0].continues)
    tellWhatIsOpen(end: template.source.bytes.count)
    if budget < 0 { flaws = [:] }
  }

  mutating func walk(_ statements: [Statement]) {
    for statement in statements { walk(statement) }
  }

  private mutating func walk(_ statement: Statement) {
    let place = TemplatePlace(source: part, offset: statement.offset)
    switch statement.kind {
    case .text(let range): writeText(range)
    case .output(let value): write(value, at: place)
    case .cycle(let cycle): writeOne(of: cycle.values.map { kinds.kind(of: $0) }, at: place)
    case .increment, .decrement: write(WrittenKind.value, at: place)
    case .capture(_, let body): walkCapture(body)
    case .branches(let branches): walk(branches)
    case .cases(let cases): walk(cases)
    case .loop(let loop): walkLoop(loop.body, otherwise: loop.otherwise)
    case .tableRow(let table): walkTable(table)
    case .ifChanged(let body): atMostOnce { $0.walk(body) }
    case .interrupt(let interrupt): leave(by: interrupt)
    case .include(let tag): include(tag)
    case .render(let tag): render(tag)
    case .assign, .nothing: break
    }
  }

  // MARK: - Writing

  private mutating func writeText(_ range: Range<Int>) {
    let source = parts[part].source
    for offset in range {
      let place = TemplatePlace(source: part, offset: offset)
      step(source.bytes[offset], at: place)
    }
  }

  private mutating func step(_ byte: UInt8?, at place: TemplatePlace) {
    budget -= states.count
    guard budget >= 0, !states.isEmpty else { return states = [] }
    let next = Self.after(byte, states, at: place)
    states = next.isEmpty ? recovered(byte, at: place) : next
    if states.count > Self.statesMax { states = JSONState.anything }
  }

  /// The states after a byte, or the value of an output.
  private static func after(
    _ byte: UInt8?,
    _ states: Set<JSONState>,
    at place: TemplatePlace
  ) -> Set<JSONState> {
    states.reduce(into: []) { next, state in
      next.formUnion(byte.map { state.after($0, at: place) } ?? state.afterOutput)
    }
  }

  /// Tells why nothing is right here, and continues as if it were.
  private mutating func recovered(_ byte: UInt8?, at place: TemplatePlace) -> Set<JSONState> {
    let found = states.map { (flaw: JSONFlaw($0, at: byte), state: $0) }
    guard let flaw = found.map(\.flaw).min() else { return [] }
    let concerned = found.filter { $0.flaw == flaw }.map(\.state)
    let start = concerned.map(\.start).min() ?? place
    tell(flaw.message, at: flaw == .stringNotClosed ? start : place, hint: flaw.hint)
    let mended = concerned.flatMap { flaw.mended($0) ?? [] }
    let next = Self.after(byte, Set(mended), at: place)
    return next.isEmpty ? JSONState.anything : next
  }

  private mutating func write(_ value: FilteredExpression, at place: TemplatePlace) {
    if value.filters.last?.name == Filter.rawName {
      states = states.isEmpty ? [] : JSONState.anything
    } else {
      write(kinds.kind(of: value), at: place)
    }
  }

  private mutating func writeOne(of kinds: [WrittenKind], at place: TemplatePlace) {
    var all = WrittenKind()
    for kind in kinds { all.formUnion(kind) }
    write(all, at: place)
  }

  /// Writes what may be one thing or another: it is wrong only if all of them are.
  private mutating func write(_ kind: WrittenKind, at place: TemplatePlace) {
    let before = states
    var next: Set<JSONState> = []
    if kind.isFragment { next.formUnion(Self.afterFragment(before)) }
    for separator in kind.separators { next.formUnion(Self.after(separator, before, at: place)) }
    if kind.isValue { next.formUnion(Self.after(nil, before, at: place)) }
    if next.isEmpty {
      let separator = kind.isValue ? nil : kind.separators.min()?.utf8.first { !$0.isSpace }
      step(separator, at: place)
    } else {
      budget -= before.count
      states = next
    }
  }

  /// A fragment begins and ends outside of strings; in a string it is text.
  private static func afterFragment(_ states: Set<JSONState>) -> Set<JSONState> {
    let inside = states.filter { state in
      if case .string = state.position { return true }
      return false
    }
    return inside.count == states.count ? inside : inside.union(JSONState.outsideStrings)
  }

  /// A separator is written as it is, except in a string and directly after a colon.
  private static func after(
    _ separator: String,
    _ states: Set<JSONState>,
    at place: TemplatePlace
  ) -> Set<JSONState> {
    var result: Set<JSONState> = []
    for state in states {
      if case .string(_, let inner) = state.position {
        if inner == JSONPlace.inside { result.insert(state) }
        continue
      }
      var next: Set<JSONState> = [state]
      for byte in separator.utf8 { next = after(byte, next, at: place) }
      if state.position == .memberValue { next = [state.at(.end)] }
      result.formUnion(next)
    }
    return result
  }

  // MARK: - Ways

  /// Walks `body` or leaves it out.
  mutating func atMostOnce(_ body: (inout JSONCheck) -> Void) {
    let before = states
    body(&self)
    states.formUnion(before)
  }

  /// Walks `body` any number of times, once at least.
  mutating func repeatedly(_ body: (inout JSONCheck) -> Void) {
    let wasSilent = isSilent
    isSilent = true
    var rounds = states
    for round in 0...Self.roundsMax {
      states = rounds
      body(&self)
      if states.isSubset(of: rounds) { break }
      rounds.formUnion(states)
      let isTooMuch = round == Self.roundsMax || rounds.count > Self.statesMax
      if isTooMuch { rounds = JSONState.anything }
      if isTooMuch { break }
    }
    isSilent = wasSilent
    states = rounds
    body(&self)
  }

  /// Walks another part, unless parts nest too deep.
  mutating func walkPart(_ number: Int) {
    guard depth < Self.depthMax else { return states = JSONState.anything }
    let outer = part
    part = number
    depth += 1
    walk(parts[number].statements)
    depth -= 1
    part = outer
  }

  // MARK: - Telling

  private mutating func tell(_ message: String, at place: TemplatePlace, hint: String? = nil) {
    guard !isSilent, flaws[place] == nil else { return }
    flaws[place] = Fault(.place, message, at: place.offset, hint: hint)
  }

  /// Tells what is not closed at the end of the template, whichever way was taken.
  private mutating func tellWhatIsOpen(end: Int) {
    guard !states.isEmpty, !states.contains(where: \.isComplete) else { return }
    let last = TemplatePlace(source: 0, offset: max(0, end - 1))
    let open = states.map { state -> (place: TemplatePlace, message: String) in
      if case .string = state.position { return (state.start, "this string is never closed") }
      let level = state.levels.last { $0.container != .unknown }
      return level.map { ($0.place, "this bracket is never closed") } ?? (
        last, "a JSON value is missing"
      )
    }
    guard let first = open.min(by: { $0.place < $1.place }) else { return }
    tell(first.message, at: first.place)
  }

  /// Walks a capture that holds JSON; what it holds may be written anywhere.
  private mutating func walkCapture(_ body: [Statement]) {
    guard kinds.fragments.writesMarkup(body, parts[part].source) else { return }
    let before = states
    states = before.isEmpty ? [] : JSONState.outsideStrings
    walk(body)
    let strings = states.filter { state in
      if case .string = state.position { return true }
      return false
    }
    if !states.isEmpty, strings.count == states.count, let start = strings.map(\.start).min() {
      tell("a capture that holds JSON ends inside this string", at: start)
    }
    states = before
  }
}
