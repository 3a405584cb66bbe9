import Foundation
import TestSupport
import Testing

/// What only a process of its own shows: signals and pipes.
@Suite struct ProcessTests {
  private func program() throws -> String { try #require(Shell.program("sluice")) }

  @Test func `a reader that went away ends nothing with an error`() async throws {
    let sluice = try program()
    let (code, _, errors) = await Shell.run(
      "{ '\(sluice)' help --man; echo \"ended with $?\" >&2; } | head -c 1 >/dev/null"
    )
    #expect(code == 0)
    #expect(errors == "ended with 0\n")
  }

  @Test(arguments: [("HUP", 143), ("TERM", 143), ("INT", 130)])
  func `a terminal that closes ends a run as SIGTERM does`(
    _ signal: String,
    _ expected: Int
  )
    async throws
  {
    let sluice = try program()
    let folder = try TemporaryFolder()
    let port = 1  // Nobody listens there.
    _ = await folder.run("init --quiet --brokers 127.0.0.1:\(port)")
    // The lock is taken after the run listens to signals; bash waits without sleeping.
    let (_, output, _) = await Shell.run(
      """
      cd '\(folder.path)'; set -m; '\(sluice)' run > out 2>&1 & child=$!
      until [ -e state/customers.lock ]; do :; done
      kill -\(signal) $child; wait $child; echo "ended with $?"; cat out
      """
    )
    #expect(output.contains("ended with \(expected)\n"), "\(output)")
  }
}
