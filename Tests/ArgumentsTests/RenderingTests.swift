import Arguments
import Foundation
import TestSnapshots
import Testing

@Suite struct RenderingTests {
  private func check(_ text: String, _ name: String) {
    let difference = Snapshot.difference(text, from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `help lists commands and options`() {
    check(tool.help(nil), "help")
  }

  @Test func `the help of a command is wrapped to the width`() {
    check(tool.help(tool.commands[0], width: 60), "help-run-narrow")
    let longest =
      tool.help(tool.commands[0], width: 60).split(separator: "\n")
      .filter { !$0.contains("$ tool") }.map(\.count).max() ?? 0
    #expect(longest <= 60)
  }

  @Test func `the manual page has all of it`() {
    check(tool.manualPage(version: "1.0", date: "2026-01-31"), "manual")
  }

  @Test(arguments: Shell.allCases)
  func `completions are made for each shell`(_ shell: Shell) {
    check(tool.completions(for: shell), "completions-\(shell.rawValue)")
  }

  private static let hasBash = FileManager.default.isExecutableFile(atPath: "/bin/bash")

  @Test(
    .enabled(if: hasBash, "no bash here"),
    arguments: [
      ("tool ", "copy open run state"), ("tool co", "copy"), ("tool state ", "backup info"),
      ("tool -C x ru", "run"), ("tool run ", "a b"), ("tool run --li", "--limit"),
      ("tool run --format ", "json text"), ("tool --for", "--format"), ("tool run --limit ", ""),
      ("tool copy --l", ""), ("tool state info --q", "--quiet"),
    ]
  ) func `bash completes`(_ line: String, _ expected: String) throws {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
    let script =
      tool.completions(for: .bash) + """

        COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
        _tool
        printf '%s\\n' "${COMPREPLY[@]}" | sort | tr '\\n' ' '
        """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["--norc", "-u", "-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let found = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    #expect(found == expected)
  }
}
