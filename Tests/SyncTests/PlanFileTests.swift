import Foundation
import Glibc
import Reports
import Rows
import SQLite
import Settings
import State
import TestSupport
import Testing
import Text

@testable import Messages
@testable import Sync

/// Files that are not what was pinned.
@Suite struct PlanFileTests {
  private let bench: Bench

  init() throws {
    bench = try PinnedPlanTests.bench()
  }

  private func open(_ file: String) async -> RunError? {
    do throws(RunError) {
      _ = try await PinnedPlan.open(file, typed: file, examining: true)
      return nil
    } catch {
      return error
    }
  }

  private func write(_ bytes: some DataProtocol, mode: mode_t = 0o600) throws -> String {
    let file = bench.directory + "/other.plan"
    try? FileManager.default.removeItem(atPath: file)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    chmod(file, mode)
    return file
  }

  @Test func `a plan is one file, which only its owner can read`() async throws {
    let pinned = await bench.pin()
    var status = stat()
    #expect(stat(pinned.file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.directory)
    #expect(files.filter { $0.contains(".plan") } == ["s.plan"])
  }

  @Test func `what is not a plan is told apart from one that is damaged or newer`() async throws {
    let pinned = await bench.pin()
    await bench.run()
    #expect(await open(bench.directory + "/none.plan")?.message.contains("no such plan") == true)
    #expect(await open(bench.directory)?.message.contains("not a file") == true)
    #expect(await open(bench.statePath)?.message.contains("not a plan of Sluice") == true)
    for text in ["message: hello\n", ""] {
      #expect(await open(try write(Data(text.utf8)))?.message.contains("not a plan") == true)
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pinned.file))
    let open = try write(bytes, mode: 0o620)
    #expect(await self.open(open)?.message.contains("others may write") == true)
    let newer = try write(bytes)
    let connection = try SQLiteConnection(path: newer, mode: .readWrite)
    try connection.execute("PRAGMA user_version = 4")
    #expect(await self.open(newer)?.message.contains("newer Sluice") == true)
    try connection.execute("PRAGMA user_version = 2")
    #expect(await self.open(newer)?.message.contains("an earlier Sluice") == true)
    // A state is not a plan, and a plan is not a state.
    try FileManager.default.removeItem(atPath: bench.statePath)
    try FileManager.default.copyItem(atPath: pinned.file, toPath: bench.statePath)
    #expect(await bench.run().error?.message.contains("not a state of Sluice") == true)
  }

  @Test func `a plan that was cut off or changed sends nothing that was not pinned`() async throws {
    await bench.run()
    try bench.database(PinnedPlanTests.changes)
    let pinned = await bench.pin()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pinned.file))
    _ = bench.arrivals()
    let state = try Data(contentsOf: URL(fileURLWithPath: bench.statePath))
    for part in 1..<20 {
      let file = try write(bytes.prefix(bytes.count * part / 20))
      let failure = await open(file)
      #expect(failure?.hint?.contains("--save") == true, "\(part): \(failure?.message ?? "-")")
    }
    var random = SeededGenerator(state: 7)
    var refused = 0
    // Most of a small plan is empty.
    let written = bytes.indices.filter { $0 >= 100 && bytes[$0] != 0 }
    for _ in 0..<60 {
      var damaged = bytes
      guard let index = written.randomElement(using: &random) else { break }
      damaged[index] ^= UInt8.random(in: 1...255, using: &random)
      let file = try write(damaged)
      if await open(file) != nil {
        refused += 1
        continue
      }
      let report = try await bench.apply(file)
      let sent = bench.sink.takeMessages()
      #expect(sent.isEmpty || sent == pinned.messages)
      refused += report.outcome == .done ? 0 : 1
      for suffix in ["-wal", "-shm"] { unlink(bench.statePath + suffix) }
      try state.write(to: URL(fileURLWithPath: bench.statePath))
    }
    #expect(refused > 5)
    print("changed plans that were refused: \(refused) of 60")
  }

  @Test(arguments: [
    #"UPDATE meta SET value = replace(value, '"topics":[{', '"topics_of_old":[{')"#,
    "UPDATE meta SET value = replace(value, '\"messages\":17', '\"messages\":16')",
    "UPDATE batch SET is_backfill = 1",
    "DELETE FROM batch WHERE number = (SELECT max(number) FROM batch)",
    "UPDATE shape SET columns = replace(columns, '\"a\"', '\"b\"')",
    "INSERT INTO absence VALUES (x'00', 1, 1)",
  ])
  func `whatever was edited in a plan by hand is noticed`(_ edit: String) async throws {
    await bench.run()
    try bench.database(PinnedPlanTests.changes)
    let pinned = await bench.pin()
    #expect(await open(pinned.file) == nil)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pinned.file))
    try SQLiteConnection(path: pinned.file, mode: .readWrite).execute(edit)
    #expect(try Data(contentsOf: URL(fileURLWithPath: pinned.file)) != bytes)
    let error = await open(pinned.file)
    #expect(error?.message.contains("not what was written") == true, "\(error?.message ?? "-")")
    #expect(error?.kind == .unusablePlan)
  }

  @Test func `a draft that a killed process left is deleted by the next plan, one in use is not`()
    async throws
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let left = "\(bench.directory)/other.plan.partial-\(process.processIdentifier)"
    let files = [left, left + "-wal", "\(bench.directory)/s.plan.partial-1", left + "x"]
    for file in files { try Data().write(to: URL(fileURLWithPath: file)) }
    // In another container this process has another number.
    let held = Glibc.open(left, O_RDONLY)
    #expect(flock(held, LOCK_EX) == 0)
    #expect(await bench.pin().failure == nil)
    #expect(files.allSatisfy { access($0, F_OK) == 0 })
    close(held)
    #expect(await bench.pin().failure == nil)
    #expect(files.map { access($0, F_OK) == 0 } == [false, false, true, true])
  }

  @Test func `messages are read back as they were written, and from any bytes without a trap`() {
    let envelope = Envelope()
    var contents = Envelope.Contents()
    contents.bytes.append("key1value1header1value2")
    contents.headers = [Envelope.Header(name: 0, value: 10..<17)]
    contents.messages = [
      Envelope.Message(topic: 0, partition: 2, key: 0..<4, value: 4..<10, headers: 0..<1),
      Envelope.Message(topic: 1, partition: 0, key: nil, value: nil, headers: 1..<1),
    ]
    envelope.put(contents)
    envelope.topics = ["rows", "others"]
    envelope.headerNames = ["h"]
    var composition = Composition()
    composition.ownCount = 1
    composition.positions = [0, 3]
    composition.moved = 1
    composition.rejected = [(1, Rejection("bad", detail: "here")), (2, Rejection("worse"))]
    composition.placements = [
      nil, Composition.Placement(place: Place(high: 1, low: .max), isNullValue: true),
    ]
    let content = PinnedMessages.Content(composition: composition, erasing: [1])
    let bytes = PinnedMessages.bytes(content, of: envelope)
    let copy = Envelope()
    let read = PinnedMessages.read(bytes, into: copy)
    #expect(read?.erasing == [1] && read?.composition.positions == [0, 3])
    #expect(read?.composition.rejected.map(\.rejection.text) == ["bad (here)", "worse"])
    #expect(read.map { PinnedMessages.bytes($0, of: copy) } == bytes)
    #expect(copy.messages.map { copy.topic(of: $0) } == ["rows", "others"])
    #expect(copy.messages[0].value.map(copy.text) == "value1")
    var random = SeededGenerator(state: 3)
    for count in 0..<bytes.count {
      #expect(PinnedMessages.read(Array(bytes.prefix(count)), into: Envelope()) == nil)
    }
    for _ in 0..<5000 {
      var changed = bytes
      for _ in 0..<4 {
        let index = Int.random(in: 0..<changed.count, using: &random)
        changed[index] = UInt8.random(in: 0...255, using: &random)
      }
      let target = Envelope()
      guard PinnedMessages.read(changed, into: target) != nil else { continue }
      for message in target.messages {
        _ = target.topic(of: message)
        _ = target.byteCount(of: message)
        _ = message.value.map(target.text)
      }
    }
  }
}
