import Arguments
import CommandLineInterface
import Foundation
import Testing

/// Every command that a document names, against the command table.
@Suite struct DocumentedCommandTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let documents =
    ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
    + (FileManager.default.enumerator(atPath: root.path + "/docs")?.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" } ?? [])

  @Test func `a document names no command and no option that there is not`() throws {
    var count = 0
    for document in Self.documents {
      let text = try String(contentsOf: Self.root.appendingPathComponent(document), encoding: .utf8)
      for (line, isBlock) in Self.code(text) {
        for words in Self.commands(line) {
          count += 1
          do {
            _ = try CommandLineInterface.table.parse(words)
          } catch {
            // Prose may name a command without what belongs to it.
            let isIncomplete = ["is missing", "needs a value"].contains(where: "\(error)".contains)
            if isBlock || !isIncomplete { Issue.record("\(document): \(line): \(error)") }
          }
        }
      }
    }
    #expect(count > 80, "this test looks in the wrong places")
  }

  /// Lines of blocks, and what stands between backticks.
  private static func code(_ text: String) -> [(line: String, isBlock: Bool)] {
    var isFenced = false
    return text.components(separatedBy: "\n").flatMap { line -> [(line: String, isBlock: Bool)] in
      if line.hasPrefix("```") {
        isFenced.toggle()
        return []
      }
      // A picture has its words in columns.
      let isPicture = line.firstMatch(of: /sluice {3,}/) != nil
      if isFenced || line.hasPrefix("    ") { return isPicture ? [] : [(line, true)] }
      return line.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }
        .map { ($0.element, false) }
    }
  }

  /// The words after each `sluice` that begins a command of a line.
  private static func commands(_ line: String) -> [[String]] {
    split(line).map { words in
      Array(words.drop { $0 == "$" || $0 == "sudo" || $0.firstMatch(of: /^[A-Z_]+=/) != nil })
    }.filter { $0.first == "sluice" && $0.count > 1 }.map { Array($0.dropFirst()) }
      .filter { !["SUBCOMMAND", "COMMAND", "…"].contains($0[0]) }
  }

  /// The words of each command of a line, as a shell sees them.
  private static func split(_ line: String) -> [[String]] {
    var commands: [[String]] = [[]]
    for match in line.matches(of: /'[^']*'|"[^"]*"|[^\s'"]+(?:'[^']*'|"[^"]*")?/) {
      let word = String(match.output)
      if word.hasPrefix("#") { break }
      if ["&&", "||", "|", ";", ">", ">>", "<"].contains(word) {
        commands.append([])
        continue
      }
      let isRedirection = word.firstMatch(of: /^[0-9]?[<>]/) != nil
      let ends = word.hasSuffix(";") || word.hasSuffix(")")
      // Of alternatives the first is enough.
      let bare = word.replacing(/^\$?\(|[;)]$|^["']|["']$/, with: "").prefix { $0 != "|" }
      if !isRedirection, !bare.isEmpty { commands[commands.count - 1].append(String(bare)) }
      if ends { commands.append([]) }
    }
    return commands
  }
}
