import Foundation
import TestSupport
import Testing

@Suite struct ManualPageTests {
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mandoc"), "no mandoc"))
  func `mandoc finds nothing to complain about in the manual page`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(await folder.run("help --man").output, to: "sluice.1")
    let lint = await Shell.run("mandoc -Tlint '\(folder.path)/sluice.1'")
    #expect(lint.code == 0 && lint.output.isEmpty, "\(lint.output)")
  }
}
