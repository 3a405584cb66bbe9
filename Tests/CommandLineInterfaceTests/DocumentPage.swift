import Foundation

/// A page of the documents as a list of its blocks that are not configuration, and of the files
/// that it shows.
struct DocumentPage {
  enum Part {
    /// A file of a project, which the line above names: `<!-- file: PATH -->`.
    case file(path: String, text: String)
    /// Indented lines, or a fenced block that is none of configuration, data and templates.
    case block(Block)
  }

  struct Block {
    let line: Int
    let text: String

    /// What tells it from the others of its page.
    var firstLine: String {
      text.split(separator: "\n")[0].trimmingCharacters(in: .whitespaces)
    }
  }

  let name: String
  let text: String
  let parts: [Part]

  var blocks: [Block] {
    parts.compactMap { part in
      if case .block(let block) = part { block } else { nil }
    }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The README and every page of `docs/`.
  static func all() throws -> [DocumentPage] {
    let folder = root.appendingPathComponent("docs").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try (["README.md"] + names.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" })
      .map(DocumentPage.init)
  }

  init(_ name: String) throws {
    self.name = name
    text = try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
    parts = Self.parts(of: text)
  }

  /// Languages whose blocks other tests read.
  private static let readElsewhere: Set<String> = ["yaml", "sql", "json", "liquid"]

  private static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var fence: (language: Substring, marker: String, line: Int)?
    var lines: [String] = []
    var begin = 0
    var previous = ""
    func end() {
      while lines.last?.isEmpty == true { lines.removeLast() }
      if !lines.isEmpty {
        parts.append(.block(Block(line: begin, text: lines.joined(separator: "\n") + "\n")))
      }
      lines = []
    }
    for (index, line) in (text.components(separatedBy: "\n") + ["end"]).enumerated() {
      if line.hasPrefix("```"), let open = fence {
        if let path = open.marker.wholeMatch(of: /<!-- file: (\S+) -->/) {
          parts.append(
            .file(path: String(path.1), text: lines.joined(separator: "\n") + "\n")
          )
          lines = []
        } else if readElsewhere.contains(String(open.language)) {
          lines = []
        }
        end()
        fence = nil
      } else if line.hasPrefix("```") {
        end()
        fence = (line.dropFirst(3), previous, index + 1)
        begin = index + 1
      } else if fence != nil {
        lines.append(line)
      } else if line.hasPrefix("    ") {
        if lines.isEmpty { begin = index + 1 }
        lines.append(String(line.dropFirst(4)))
      } else if line.isEmpty, !lines.isEmpty {
        lines.append("")
      } else {
        end()
      }
      previous = line
    }
    return parts
  }
}
