import Configuration
import Foundation
import TestSnapshots
import Testing

@Suite struct BadInputTests {
  static let all =
    BadInput.yaml + BadInput.files + BadInput.connections + BadInput.models + BadInput.syncs
    + BadInput.values + BadInput.references + BadInput.templates + BadInput.tests
    + BadInput.alerts

  @Test(arguments: all)
  func `is reported as its snapshot says`(_ input: BadInput) throws {
    let project = try TemporaryProject(input.files)
    let result = project.load(input.environment, withTests: true)
    let text = result.diagnostics.map(\.rendered).joined(separator: "\n")
      .replacingOccurrences(of: project.directory, with: "PROJECT")
    let hasError = result.diagnostics.contains { $0.severity == .error }
    #expect(hasError == (result.settings == nil))
    #expect(!result.diagnostics.isEmpty)
    for secret in ["hunter2", "s3cr3t"] { #expect(!text.contains(secret)) }
    let difference = Snapshot.difference(text, from: input.name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `every snapshot belongs to an input and no two share one`() {
    let names = Self.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Snapshot.names().subtracting(names) == [])
  }
}
