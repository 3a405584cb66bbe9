import Blocking
import JSON
public import Settings
import Values

extension Configuration {
  /// Why expectations could not be written down.
  public struct RecordingError: Error, Sendable {
    /// What happened, with the file's name.
    public let message: String
    /// What to do.
    public let hint: String?
  }

  /// Writes expectations, by the names of cases, into the file that `tests` was read from.
  ///
  /// Everything else in it stays as it is, comments included, but those inside of an expectation
  /// that is replaced. The file is replaced at once or not at all, and only where what is written
  /// reads back the same. `directory` and `environment` are those of
  /// ``load(directory:environment:environmentName:kafkaSettings:withTests:scope:)``, and so is
  /// `environmentName`. Throws if the file cannot be read,
  /// written, or changed without changing anything else.
  public static func record(
    _ expectations: [String: SyncTestCase.Expectation],
    in tests: SyncTests,
    directory: String,
    environment: [String: String],
    environmentName: String? = nil
  ) throws(RecordingError) {
    let loader = ProjectLoader(directory: directory, environment: environmentName)
    loader.learnVariables(environment)
    let path = FileAccess.path(tests.file, from: directory)
    let original: String
    switch FileAccess.text(at: path, sizeMax: YAMLFile.sizeMax) {
    case .success(let text): original = text
    case .failure(let failure): throw failed(tests, "it cannot be read: \(failure.reason)")
    }
    guard let root = loader.root(tests.file), loader.tests(root, tests.sync) != nil else {
      throw failed(tests, "it has changed meanwhile, and has errors")
    }
    let text = ExpectationWriter(root.source, root).text(with: expectations)
    guard loader.reads(text, as: tests, with: expectations) else {
      throw RecordingError(
        message: "\(tests.file): what is expected cannot be written down without changing more",
        hint: "write the expectation by hand; the file was not touched"
      )
    }
    guard text.utf8.count < YAMLFile.sizeMax else {
      throw failed(tests, "with what is expected it would be larger than 1 MiB")
    }
    let mark = original.unicodeScalars.first == "\u{FEFF}" ? "\u{FEFF}" : ""
    if let reason = FileReplacement.write(Array((mark + text).utf8), to: path) {
      throw failed(tests, "it cannot be written: \(reason)")
    }
  }

  private static func failed(_ tests: SyncTests, _ reason: String) -> RecordingError {
    RecordingError(message: "\(tests.file): \(reason)", hint: nil)
  }
}

extension ProjectLoader {
  /// The cases below `root`, whatever the model's primary key is.
  fileprivate func tests(_ root: YAMLNode, _ sync: String) -> SyncTests? {
    SyncTestReader(primaryKey: []).read(root, sync: sync)
  }

  /// Whether `text` holds the cases of `tests` with `expectations` in place of theirs.
  fileprivate func reads(
    _ text: String,
    as tests: SyncTests,
    with expectations: [String: SyncTestCase.Expectation]
  ) -> Bool {
    let trial = DiagnosticReport()
    let source = SourceText(path: tests.file, text: text, report: trial)
    guard let root = file(source).root(), let read = self.tests(root, tests.sync),
      !trial.hasErrors, read.cases.count == tests.cases.count
    else { return false }
    return zip(read.cases, tests.cases).allSatisfy { new, old in
      let expected = expectations[old.name] ?? old.expectation
      return new.name == old.name && new.change == old.change && new.row == old.row
        && new.previous == old.previous && new.expectation.amounts(to: expected)
    }
  }
}

extension SyncTestCase.Expectation {
  /// Whether both expect the same, however their JSON is written.
  fileprivate func amounts(to other: Self) -> Bool {
    guard case .message(var left) = self, case .message(var right) = other else {
      return self == other
    }
    let bodies = (left.message, right.message)
    left.message = nil
    right.message = nil
    guard left == right else { return false }
    guard case (let old??, let new??) = bodies, let first = try? JSONParser().parse(old),
      let second = try? JSONParser().parse(new)
    else { return bodies.0 == bodies.1 }
    return first.amounts(to: second)
  }
}
