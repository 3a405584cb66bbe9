import Synchronization

/// The partials of one template, each read and compiled once.
final class PartialLibrary: Sendable {
  struct Key: Hashable {
    var name: String
    var isIsolated: Bool
  }

  /// A partial that could not be compiled, with the error in it.
  enum Entry: Sendable {
    case program(Program)
    case failed(LiquidError)
    case missing
  }

  let options: TemplateOptions
  let schema: TemplateSchema?
  let symbols = Symbols()
  private let resolver: @Sendable (String) -> String?
  private let entries = Mutex<[Key: Entry]>([:])
  private let continuesLoops = Mutex(false)
  private let fragmentNames = Mutex<Set<String>>([])

  init(
    options: TemplateOptions,
    schema: TemplateSchema?,
    resolver: @escaping @Sendable (String) -> String?
  ) {
    self.options = options
    self.schema = schema
    self.resolver = resolver
  }

  /// The partials that are compiled by now.
  var programs: [Program] {
    entries.withLock { entries in
      entries.values.compactMap { entry in
        if case .program(let program) = entry { return program }
        return nil
      }
    }
  }

  /// Whether some loop continues where an earlier one ended.
  var remembersLoops: Bool { continuesLoops.withLock { $0 } }

  func rememberLoops() { continuesLoops.withLock { $0 = true } }

  /// The source of the partial `name`, nil if there is none.
  func text(of name: String) -> String? { resolver(name) }

  func entry(_ key: Key) -> Entry {
    if let found = entries.withLock({ $0[key] }) { return found }
    let entry = compile(key)
    entries.withLock { $0[key] = entry }
    return entry
  }

  private func compile(_ key: Key) -> Entry {
    guard let text = resolver(key.name) else { return .missing }
    let source = SourceText(bytes: Array(text.utf8), name: key.name)
    do throws(LiquidError) {
      return .program(try program(source, isIsolated: key.isIsolated).program)
    } catch {
      return .failed(error)
    }
  }

  /// Reads and compiles `source`.
  func program(
    _ source: SourceText,
    isIsolated: Bool
  ) throws(LiquidError) -> (program: Program, parser: TemplateParser) {
    var parser = TemplateParser(source, options: options)
    var faults: [Fault] = []
    do throws(Fault) {
      let statements: [Statement]
      do throws(Fault) {
        statements = try parser.parse()
      } catch {
        faults = parser.faults
        throw error
      }
      var compiler = Compiler(
        source: source,
        library: self,
        isIsolated: isIsolated,
        assigned: try assigned(by: parser),
        fragments: fragments(of: statements, parser)
      )
      try compiler.compile(statements)
      faults = parser.faults + compiler.faults
      guard faults.isEmpty else { throw faults.removeLast() }
      return (Program(source, compiler.tables), parser)
    } catch {
      throw LiquidError(faults, and: error, in: source)
    }
  }

  /// What a template and the partials that it includes by name set.
  private func assigned(by parser: TemplateParser) throws(Fault) -> Set<String> {
    var assigned = parser.assigned
    var seen: Set<String> = []
    var waiting = parser.partials.filter { !$0.isIsolated }.map(\.name)
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let text = resolver(name) else { continue }
      var inner = TemplateParser(
        SourceText(bytes: Array(text.utf8), name: name),
        options: options
      )
      guard (try? inner.parse()) != nil else { continue }
      assigned.formUnion(inner.assigned)
      waiting += inner.partials.filter { !$0.isIsolated }.map(\.name)
    }
    return assigned
  }

  /// The variables that may hold captured JSON in a template, its partials, and what was compiled
  /// before.
  private func fragments(of statements: [Statement], _ parser: TemplateParser) -> FragmentNames {
    guard options.mode == .json else { return FragmentNames() }
    var bodies = [statements]
    var sources = [parser.source]
    var seen: Set<String> = []
    var waiting = parser.partials.map(\.name)
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let text = resolver(name) else { continue }
      let source = SourceText(bytes: Array(text.utf8), name: name)
      var inner = TemplateParser(source, options: options)
      guard let statements = try? inner.parse() else { continue }
      bodies.append(statements)
      sources.append(source)
      waiting += inner.partials.map(\.name)
    }
    var found = FragmentNames(fragmentNames.withLock { $0 })
    found.add(bodies, in: sources)
    fragmentNames.withLock { $0.formUnion(found.names) }
    return found
  }

  /// Compiles everything that `parser` names, and what that names, so that errors come early.
  func requirePartials(of parser: TemplateParser) throws(LiquidError) {
    var seen: Set<Key> = []
    try require(parser, &seen, depth: 0)
  }

  private func require(
    _ parser: TemplateParser,
    _ seen: inout Set<Key>,
    depth: Int
  ) throws(LiquidError) {
    guard depth < options.limits.partialDepth else { return }
    var missing = parser.partials.filter { resolver($0.name) == nil }.map { partial in
      Fault(.partial, "there is no partial '\(partial.name)'", at: partial.offset)
    }
    if let last = missing.popLast() { throw LiquidError(missing, and: last, in: parser.source) }
    for partial in parser.partials {
      let key = Key(name: partial.name, isIsolated: partial.isIsolated)
      guard seen.insert(key).inserted, let text = resolver(partial.name) else { continue }
      let source = SourceText(bytes: Array(text.utf8), name: partial.name)
      let inner = try program(source, isIsolated: partial.isIsolated)
      entries.withLock { $0[key] = .program(inner.program) }
      try require(inner.parser, &seen, depth: depth + 1)
    }
  }
}
