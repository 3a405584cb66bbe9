internal import Rows
internal import Settings

/// Finds plain texts of a sync that are also names of columns, which may have been meant.
struct ConstantNames {
  let sync: SyncSettings
  let shape: Shape

  /// What is said of keys: every message has the same.
  var keys: [String] {
    unique(Change.allCases.compactMap { sync[$0].key?.value }).map { name in
      "every message has the key '\(name)', which is also a column of the query: "
        + "`{column: \(name)}` is the column's value, `{value: \(name)}` says that the text is meant"
    }
  }

  /// What is said of topics and headers.
  var others: [String] {
    let topics = unique(Change.allCases.map { sync[$0].topic.value })
      .filter { $0 != sync.name && $0 != sync.model.value }
      .map { remark("the topic", $0) }
    let headers = Change.allCases.flatMap { sync[$0].headers }
    let names = headers.reduce(into: [String]()) { names, header in
      if !names.contains(header.name) { names.append(header.name) }
    }
    return topics
      + names.flatMap { name in
        unique(headers.filter { $0.name == name }.map(\.value.value)).map {
          remark("the header '\(name)'", $0)
        }
      }
  }

  private func remark(_ place: String, _ name: String) -> String {
    "\(place) is always '\(name)', which is also a column of the query: "
      + "`{column: \(name)}` is the column's value, `{value: \(name)}` says that the text is meant"
  }

  /// The plain texts among `forms` that are names of columns, each once.
  private func unique(_ forms: [ValueForm]) -> [String] {
    let columns = Set(shape.columns.map { $0.name.lowercased() })
    return forms.reduce(into: []) { names, form in
      guard case .text(let text) = form, columns.contains(text.lowercased()),
        !names.contains(text)
      else { return }
      names.append(text)
    }
  }
}
