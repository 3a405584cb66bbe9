internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import Synchronization

/// A source of which only some rows are read: those of a condition, or with one of some keys.
final class PartialSource: RowSource {
  private let source: any RowSource
  private let part: RowPart
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var shape: Shape?
    /// Looks for the keys; nil if there are none, and before the source is open.
    var matcher: KeyMatcher?
    /// Indexes of the keys that were met.
    var found: Set<Int> = []

    /// Appends the lines of `all` that have one of the keys to `page`.
    mutating func pick(from all: Page, into page: Page) {
      guard let shape else { return }
      for index in 0..<all.count {
        guard let key = matcher?.index(of: all.line(index), shape) else { continue }
        found.insert(key)
        page.append(all.line(index))
      }
    }
  }

  init(_ source: any RowSource, part: RowPart) {
    self.source = source
    self.part = part
  }

  var name: String { source.name }

  /// The keys that the result did not have; only after it was read to its end.
  var missingKeys: [String] {
    let found = state.withLock { $0.found }
    return part.keys.indices.filter { !found.contains($0) }.map { part.keys[$0] }
  }

  func origin() async throws -> SourceOrigin { try await source.origin() }

  /// Opens the model, of which the database leaves out what the condition does not hold of.
  func open(_ model: ModelSettings) async throws -> Shape {
    var wanted = model
    if let condition = part.condition {
      let system = try await source.origin().system
      wanted.sql = ModelQuery.text(
        "SELECT * FROM \(ModelQuery.name) WHERE (\(condition)\n)",
        of: model,
        dialect: system == .sqlite ? .sqlite : .postgres
      )
    }
    do {
      let shape = try await source.open(wanted)
      state.withLock { state in
        state.shape = shape
        if part.keys.isEmpty { return }
        state.matcher = KeyMatcher(keys: part.keys, primaryKey: model.primaryKey.map(\.value))
      }
      return shape
    } catch let error as RunError {
      throw placed(error, in: model)
    }
  }

  /// An error after the last line of the model is one of the condition.
  private func placed(_ error: RunError, in model: ModelSettings) -> RunError {
    guard let condition = part.condition, let location = error.location else { return error }
    let lines = model.sql.split(separator: "\n", omittingEmptySubsequences: false).count
    // The last line break ends a line, and begins none.
    let last = model.sql.hasSuffix("\n") ? lines - 1 : lines
    if location.line <= last { return error }
    var error = error
    error.location = nil
    error.message = "the condition '\(condition)': \(error.message)"
    return error
  }

  /// Fills `page` with the next rows of the part; an empty page is not the end.
  func read(into page: Page) async throws -> Bool {
    guard !part.keys.isEmpty else { return try await source.read(into: page) }
    guard state.withLock({ $0.shape != nil }) else { return false }
    let all = Page()
    page.removeAll()
    while page.count == 0, try await source.read(into: all) {
      state.withLock { $0.pick(from: all, into: page) }
    }
    return page.count > 0
  }

  func query(_ select: String, into page: Page) async throws {
    try await source.query(select, into: page)
  }

  func close() async { await source.close() }

  func cancel() { source.cancel() }
}
