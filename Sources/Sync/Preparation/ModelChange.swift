internal import Rows
internal import Settings

/// What differs between the columns of the last result and of this one.
struct ModelChange {
  /// What to tell of it.
  let text: String

  /// Compares two shapes; nil if rows of both are equal column by column.
  init?(from old: Shape, to new: Shape, policy: ModelChangePolicy) {
    if old.holdsTheSame(as: new) { return nil }
    let (oldNames, newNames) = (old.columns.map(\.name), new.columns.map(\.name))
    let added = newNames.filter { !oldNames.contains($0) }
    let dropped = oldNames.filter { !newNames.contains($0) }
    var parts: [String] = []
    if !added.isEmpty { parts.append("new columns: \(added.joined(separator: ", "))") }
    if !dropped.isEmpty { parts.append("dropped columns: \(dropped.joined(separator: ", "))") }
    if parts.isEmpty { parts.append("types of columns changed") }
    let effect =
      switch policy {
      case .resend: "every row is sent again"
      case .absorb: "the snapshot takes the new columns, nothing is sent for it"
      }
    text = "the model changed (\(parts.joined(separator: "; "))): \(effect)"
  }
}
