internal import Reports
internal import Rows
internal import Settings
internal import Spelling

/// Finds columns that the configuration names and the query does not return.
struct ColumnCheck {
  let model: ModelSettings
  let sync: SyncSettings

  /// Throws everything that is wrong at once, with what is wrong in the messages.
  func check(_ shape: Shape) throws(RunError) {
    var errors = duplicates(shape) + unknownColumns(shape)
    if errors.isEmpty, let error = nullValueError(shape) { errors.append(error) }
    guard !errors.isEmpty else { return }
    // A name that is wrong in the model is not told once more where messages use it.
    let places = errors.compactMap(\.location)
    errors +=
      messageError(shape)?.all.filter { error in
        error.location.map { !places.contains($0) } ?? true
      } ?? []
    if let error = RunError(all: errors) { throw error }
  }

  private func duplicates(_ shape: Shape) -> [RunError] {
    var names: Set<String> = []
    return shape.columns.filter { !names.insert($0.name).inserted }.map { column in
      RunError(
        .configuration,
        "the query returns two columns named '\(column.name)'",
        kind: .unfitColumns,
        at: SourceLocation(file: model.file, line: 1, column: 1),
        hint: "give one of them another name with AS"
      )
    }
  }

  /// Everything in the model and the sync, except messages, that names a column which is not there.
  private func unknownColumns(_ shape: Shape) -> [RunError] {
    let known = shape.columns.map(\.name)
    let keys = model.primaryKey.map { key in
      (name: key.value, key: "primary_key", location: key.location)
    }
    let types = model.types.sorted { $0.key < $1.key }.map { name, cast in
      (name: name, key: "types", location: cast.location)
    }
    let listed = sync.changedWhen.value.columns.map { name in
      (name: name, key: "changed_when", location: sync.changedWhen.location)
    }
    let tested = model.tests.flatMap { test in
      test.columns.map { (name: $0, key: "tests", location: Optional(test.location)) }
    }
    return (keys + types + listed + tested).filter { !known.contains($0.name) }.map { use in
      RunError(
        .configuration,
        "the query returns no column '\(use.name)', which `\(use.key)` names",
        kind: .unfitColumns,
        at: use.location,
        hint: Spelling.question(for: use.name, among: known)
          + "it returns \(known.joined(separator: ", "))"
      )
    }
  }

  /// Refuses null values under keys that may be another row's.
  private func nullValueError(_ shape: Shape) -> RunError? {
    let flaw = sync.nullValueFlaw(primaryKey: model.primaryKey.map(\.value)) { name, character in
      shape.index(of: name).map { shape.columns[$0].type.mayHold(character) } ?? true
    }
    guard let flaw else { return nil }
    return RunError(
      .configuration,
      flaw.message,
      kind: .sharedKey,
      at: sync[flaw.change].key?.location,
      hint: flaw.hint
    )
  }
}

extension ChangedWhen {
  /// The columns that it names.
  fileprivate var columns: [String] {
    switch self {
    case .anyColumn: []
    case .ignoring(let columns), .only(let columns): columns
    }
  }
}
