import Foundation
import Settings
import Testing

@Suite struct ErrorKindTests {
  @Test func `a code was given twice, or to another area than its digits say`() {
    #expect(Set(ErrorKind.all.map(\.code)).count == ErrorKind.all.count)
    var prefixes: Set<String> = []
    for area in ErrorKind.areas {
      let own = Set(area.kinds.map { String($0.code.prefix(4)) })
      #expect(own.count == 1 && prefixes.isDisjoint(with: own), "\(area.name): \(own)")
      prefixes.formUnion(own)
      #expect(area.kinds.map(\.code) == area.kinds.map(\.code).sorted())
    }
    for kind in ErrorKind.all {
      #expect(kind.code.wholeMatch(of: /SL\d{4}/) != nil)
      #expect(ErrorKind(code: kind.code.lowercased()) == kind)
    }
    #expect(ErrorKind(code: "SL9999") == nil)
  }

  @Test func `a kind that the source names was left out of the list`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Settings/Errors")
    var written: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      written += text.matches(of: /"(SL\d{4})",\n/).map { String($0.output.1) }
    }
    #expect(written.sorted() == ErrorKind.all.map(\.code))
  }

  @Test func `a code changed its meaning since a release`() {
    // What programs and incidents of alerts rely on: entries are added, never changed.
    let promised = [
      "SL0001": "the command line is wrong", "SL0102": "a key is unknown",
      "SL0107": "a reference gives no value", "SL0201": "the database cannot be reached",
      "SL0203": "the database refuses the query", "SL0301": "no broker answers",
      "SL0303": "the broker refuses the login", "SL0308": "the cluster does not have the topic",
      "SL0401": "the sync has no state", "SL0404": "the state is damaged",
      "SL0409": "another run of the sync is under way",
      "SL0501": "the guard max_removed stopped the run",
      "SL0506": "the guard unstable_key stopped the run",
      "SL0601": "settings do not fit the columns of the query", "SL0901": "the run was interrupted",
    ]
    for (code, title) in promised { #expect(ErrorKind(code: code)?.title == title) }
  }

  @Test(arguments: Guard.allCases) func `a guard has a code whose text names it`(guarded: Guard) {
    #expect(guarded.kind.title == "the guard \(guarded.rawValue) stopped the run")
    let isNamed = guarded.kind.advice.contains("--allow \(guarded.rawValue)")
    #expect(isNamed || guarded == .unstableKey)
  }
}
