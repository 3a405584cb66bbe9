/// Finds the word that somebody probably meant.
public enum Spelling {
  /// The candidate nearest to `word`, nil when none is near enough to be a slip of the fingers.
  ///
  /// Distance counts insertions, deletions, replacements and swapped neighbours, without regard to
  /// case; at most a third of the word's length, and at least one, may differ. Of several equally
  /// near candidates the first wins. Words longer than 100 characters have no neighbours.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard typed.count <= 100 else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate.unicodeScalars.count <= 100 {
      let distance = distance(typed, Array(candidate.lowercased().unicodeScalars))
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, typed.count / 3) else { return nil }
    // A word of one or two letters is near to every other one: only its case or its order may differ.
    let isNear =
      typed.count > 2 || typed.sorted() == best.candidate.lowercased().unicodeScalars.sorted()
    return isNear ? best.candidate : nil
  }

  /// "did you mean 'candidate'? ", with a space at its end; empty if no candidate is near enough.
  public static func question(for word: String, among candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { "did you mean '\($0)'? " } ?? ""
  }

  /// "; did you mean 'candidate'?", for the end of a message; empty without a candidate.
  public static func question(_ candidate: String?) -> String {
    candidate.map { "; did you mean '\($0)'?" } ?? ""
  }

  /// "did you mean `candidate`?", as templates quote; nil if no candidate is near enough.
  public static func hint(for word: String, among candidates: [String]) -> String? {
    nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// The optimal string alignment distance, in O(count of `left` × count of `right`).
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let isSame = left[row - 1] == right[column - 1]
        var cost = min(last[column] + 1, current[column - 1] + 1)
        cost = min(cost, last[column - 1] + (isSame ? 0 : 1))
        let isSwap =
          row > 1 && column > 1
          && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
        if isSwap { cost = min(cost, beforeLast[column - 2] + 1) }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
