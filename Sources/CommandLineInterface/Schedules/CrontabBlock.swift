/// The lines of one project in a user's crontab, between two marks that name the project.
///
/// A crontab is bytes: what belongs to others stays as it is, whatever its encoding.
struct CrontabBlock: Sendable {
  /// Why a crontab cannot be edited.
  struct Damage: Error {
    /// What is wrong, in one sentence.
    let message: String
    /// The line, from 1.
    let line: Int
  }

  /// Absolute path of the project's folder, without symbolic links.
  let directory: String
  /// The environment that the lines are for: each has a block of its own.
  var environment: String?

  /// What the marks name: the folder, and the environment if there is one.
  var subject: String { directory + (environment.map { " --env \($0)" } ?? "") }
  private var opening: String { "# BEGIN sluice \(subject)" }
  private var closing: String { "# END sluice \(subject)" }

  /// The block with `lines` in it.
  func text(_ lines: [String]) -> String {
    let note = "# written by 'sluice crontab --install', which replaces all lines of this block"
    return ([opening, note] + lines + [closing]).map { $0 + "\n" }.joined()
  }

  /// `crontab` with the block replaced, or added at the end; without it where `block` is nil.
  func replaced(by block: String?, in crontab: [UInt8]) throws(Damage) -> [UInt8] {
    let lines = crontab.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let new = Array((block ?? "").utf8)
    guard let place = try place(in: lines.map(Self.trimmed)) else {
      if new.isEmpty { return crontab }
      let isEnded = crontab.isEmpty || crontab.last == UInt8(ascii: "\n")
      return crontab + (isEnded ? [] : [UInt8(ascii: "\n")]) + new
    }
    let start = lines[place.lowerBound].startIndex
    let end = min(lines[place.upperBound].endIndex + 1, crontab.count)
    return Array(crontab[..<start]) + new + Array(crontab[end...])
  }

  /// The lines from the opening mark to the closing one; nil if there is neither.
  private func place(in lines: [ArraySlice<UInt8>]) throws(Damage) -> ClosedRange<Int>? {
    let begins = lines.indices.filter { lines[$0].elementsEqual(opening.utf8) }
    let ends = lines.indices.filter { lines[$0].elementsEqual(closing.utf8) }
    guard let begin = begins.first ?? ends.first else { return nil }
    guard begins.count == 1, ends.count == 1, let end = ends.first, begin < end else {
      let message =
        begins.count > 1
        ? "it holds '\(opening)' more than once"
        : "'\(opening)' and '\(closing)' do not enclose lines"
      throw Damage(message: message, line: (begins.dropFirst().first ?? begin) + 1)
    }
    return begin...end
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D {
      line.removeLast()
    }
    return line
  }
}
