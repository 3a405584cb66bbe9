internal import Reports
internal import Rows
internal import Settings

/// Finds columns that the configuration names and the query does not return.
struct ColumnCheck {
  let model: ModelSettings
  let sync: SyncSettings

  func check(_ shape: Shape) throws(RunError) {
    var names: Set<String> = []
    for column in shape.columns where !names.insert(column.name).inserted {
      throw RunError(
        .configuration,
        "the query returns two columns named '\(column.name)'",
        at: SourceLocation(file: model.file, line: 1, column: 1),
        hint: "give one of them another name with AS"
      )
    }
    let known = shape.columns.map(\.name).joined(separator: ", ")
    for key in model.primaryKey where !names.contains(key.value) {
      throw RunError(
        .configuration,
        "the query returns no column '\(key.value)', which `primary_key` names",
        at: key.location,
        hint: "it returns \(known)"
      )
    }
    for (name, cast) in model.types.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
      throw RunError(
        .configuration,
        "the query returns no column '\(name)', which `types` names",
        at: cast.location,
        hint: "it returns \(known)"
      )
    }
    try checkChangedWhen(names)
    try checkNullValues(shape)
  }

  /// Refuses null values under keys that may be another row's.
  private func checkNullValues(_ shape: Shape) throws(RunError) {
    let flaw = sync.nullValueFlaw(primaryKey: model.primaryKey.map(\.value)) { name, character in
      shape.index(of: name).map { shape.columns[$0].type.mayHold(character) } ?? true
    }
    guard let flaw else { return }
    throw RunError(
      .configuration,
      flaw.message,
      at: sync[flaw.change].key?.location,
      hint: flaw.hint
    )
  }

  private func checkChangedWhen(_ names: Set<String>) throws(RunError) {
    let listed: [String] =
      switch sync.changedWhen.value {
      case .anyColumn: []
      case .ignoring(let columns), .only(let columns): columns
      }
    for name in listed where !names.contains(name) {
      throw RunError(
        .configuration,
        "`changed_when` names the column '\(name)', which the query does not return",
        at: sync.changedWhen.location
      )
    }
  }
}
