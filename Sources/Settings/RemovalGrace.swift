/// How long a row must be missing before it counts as removed: `2 runs` or `30min`.
public enum RemovalGrace: Sendable, Hashable {
  /// From so many complete results, one after the other, the last of them being this run's.
  case results(Int)
  /// From every complete result of so much time.
  case time(Duration)

  /// What `text` says; nil if it is neither a number of runs nor a duration above zero.
  public static func parse(_ text: String) -> RemovalGrace? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    if words.count == 2, ["run", "runs"].contains(words[1]) {
      guard words[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(words[0]),
        count > 0
      else { return nil }
      return .results(count)
    }
    guard let time = DurationText.parse(text), time > .zero else { return nil }
    return .time(time)
  }

  /// As a configuration writes it.
  public var text: String {
    switch self {
    case .results(let count): count == 1 ? "1 run" : "\(count) runs"
    case .time(let time): DurationText.text(time)
    }
  }

  /// A regular expression of what can be one.
  public static var form: String { "0*[1-9][0-9]* runs?|\(DurationText.form)" }
}
