import Settings

/// The variables that references may name: the process's win over those of files.
struct VariableValues {
  private let process: [String: String]
  /// The value of each variable that a file sets, and the file.
  private let filed: [String: (value: String, file: String)]

  /// `files` are in the order of their weight: a later one wins over those before it.
  init(process: [String: String], files: [(name: String, values: [String: String])] = []) {
    self.process = process
    var filed: [String: (value: String, file: String)] = [:]
    for file in files {
      for (name, value) in file.values { filed[name] = (value, file.name) }
    }
    self.filed = filed
  }

  /// Each variable with the value that wins.
  var all: [String: String] {
    filed.mapValues(\.value).merging(process) { _, fromProcess in fromProcess }
  }

  /// The value of a variable of the process; no file counts.
  func fromProcess(_ name: String) -> String? { process[name] }

  /// The process's variables without those called `hidden`, and those called `listed` from
  /// wherever they come.
  func environment(hiding hidden: Set<String>, listed: [String]) -> [String: String] {
    var result = process.filter { !hidden.contains($0.key) }
    for name in listed { result[name] = value(of: name)?.value }
    return result
  }

  /// The value of a variable and where it comes from; nil if nothing sets it.
  func value(of name: String) -> (value: String, use: VariableUse)? {
    let filed = filed[name]
    if let value = process[name] {
      let contradiction = filed.flatMap { $0.value == value ? nil : $0.file }
      return (value, VariableUse(name, .environment, contradictedBy: contradiction))
    }
    return filed.map { ($0.value, VariableUse(name, .environmentFile($0.file))) }
  }
}
