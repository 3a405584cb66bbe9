import CommandLineInterface
import Foundation
import Settings
import Testing

/// Codes of errors as a user meets them.
@Suite struct ErrorCodeTests {
  private func sluice(_ words: [String], in folder: URL) async -> (ExitCode, String, String) {
    let (output, errors) = (MemorySink(), MemorySink())
    let code = await CommandLineInterface.run(
      words,
      environment: [:],
      currentDirectory: folder.path,
      output: output,
      errors: errors
    )
    return (code, output.text, errors.text)
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func `the page of codes differs from the table that the program has`() async throws {
    let page = Self.root.appendingPathComponent("docs/errors.md")
    let (code, text, _) = await sluice(["explain", "--output", "markdown"], in: Self.root)
    #expect(code == .done)
    if try String(contentsOf: page, encoding: .utf8) == text { return }
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: page)
    }
    Issue.record("`sluice explain --output markdown > docs/errors.md` writes it again")
  }

  @Test func `a code is explained however it is typed, an unknown one is an error`() async {
    let (code, text, _) = await sluice(["explain", "sl0301"], in: Self.root)
    #expect(code == .done)
    for part in ["SL0301: no broker answers", "Why: ", "What to do: "] {
      #expect(text.contains(part))
    }
    let (wrong, _, errors) = await sluice(["explain", "SL0399"], in: Self.root)
    #expect(wrong == .usage)
    #expect(errors.contains("unknown code 'SL0399'"))
    #expect(errors.contains("did you mean 'SL0309'?") || errors.contains("[SL0003]"))
  }

  @Test(arguments: [
    ("broken: [\n", "SL0101"), ("sources: {}\nfoo: 1\n", "SL0102"),
    ("sources:\n  s: {type: sqlite}\n", "SL0103"), ("timezone: 7\n", "SL0104"),
    ("sources:\n  s: {type: postgres, url: \"postgres://h/d\", host: h}\n", "SL0105"),
    ("sources:\n  s: {type: sqlite, path: \"${NOWHERE}\"}\n", "SL0107"),
  ]) func `an error of a file has the same code as text and as JSON`(
    text: String,
    code: String
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sluice-codes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("sluice.yml"))
    let (ending, _, errors) = await sluice(["check", "--connect"], in: folder)
    #expect(ending == .configuration)
    #expect(errors.contains("[\(code)]\n"), "\(errors)")
    let (_, document, _) = await sluice(["check", "--connect", "--output", "json"], in: folder)
    #expect(document.contains("\"code\":\"\(code)\""), "\(document)")
  }
}
