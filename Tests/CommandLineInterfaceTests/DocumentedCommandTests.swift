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

  /// Commands that only look.
  private static let harmless: Set<String> = [
    "check", "plan", "status", "test", "runs", "errors", "messages", "inspect", "state info",
    "dbt exposures", "explain", "schema", "completions", "help", "doctor", "version",
  ]

  /// What belongs to another project than the example, or writes a file.
  private static let elsewhere: Set<String> = [
    "against", "env", "project", "run", "runs", "write", "save", "tag", "keys", "key", "message",
    "topic",
    "where",
  ]

  @Test func `a command of a document fails on the example project`() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sluice-documented-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await sluice(["init", "shop"], in: folder.path)
    let shop = folder.path + "/shop"
    #expect(try await sluice(["run"], in: shop) == .done)
    var tried: Set<[String]> = []
    for document in Self.documents {
      let text = try String(contentsOf: Self.root.appendingPathComponent(document), encoding: .utf8)
      for words in Self.code(text).filter(\.isBlock).flatMap({ Self.commands($0.line) }) {
        guard Self.isForExample(words), tried.insert(words).inserted else { continue }
        let code = try await sluice(words, in: shop)
        #expect([.done, .rejected, .somethingToSend].contains(code), "\(document): \(words)")
      }
    }
    #expect(tried.count > 8, "\(tried)")
  }

  private static func isForExample(_ words: [String]) -> Bool {
    guard case .run(let command)? = try? CommandLineInterface.table.parse(words),
      harmless.contains(command.command.name), elsewhere.isDisjoint(with: command.options.keys)
    else { return false }
    let takesSyncs = !["explain", "schema", "completions", "help"].contains(command.command.name)
    return !takesSyncs || command.arguments.allSatisfy { $0 == "customers" }
  }

  private func sluice(_ words: [String], in folder: String) async throws -> ExitCode {
    await CommandLineInterface.run(
      words,
      environment: ["HOME": folder],
      currentDirectory: folder,
      output: MemorySink(),
      errors: MemorySink()
    )
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
