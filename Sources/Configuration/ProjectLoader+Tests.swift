import Settings
import Spelling

extension ProjectLoader {
  /// What the name of a file with unit tests ends in.
  static let testSuffix = ".test.yml"

  /// The unit tests of the syncs of `settings`, which this loader read.
  func tests(of settings: ProjectSettings?) -> [SyncTests] {
    guard let settings,
      case .success(let entries) = FileAccess.names(in: FileAccess.path("syncs", from: directory))
    else { return [] }
    return entries.filter { !$0.hasPrefix(".") && $0.hasSuffix(Self.testSuffix) }
      .compactMap { tests(String($0.dropLast(Self.testSuffix.count)), settings) }
  }

  private func tests(_ name: String, _ settings: ProjectSettings) -> SyncTests? {
    let path = "syncs/\(name)\(Self.testSuffix)"
    // A sync that is there and wrong has been reported.
    guard FileAccess.exists(FileAccess.path("syncs/\(name).yml", from: directory)) else {
      let nearest = Spelling.nearest(to: name, among: settings.syncs.map(\.name))
      let question = Spelling.question(nearest)
      say(.error, path: path, message: "there is no sync \(name.quoted) to test\(question)")
      return nil
    }
    let sync = settings.syncs.first { $0.name == name }
    let model = sync.flatMap { settings.models[$0.model.value] }
    let reader = SyncTestReader(primaryKey: model?.primaryKey.map(\.value) ?? [])
    return root(path).flatMap { reader.read($0, sync: name) }
  }
}
