import Foundation
import Reports
import Settings
import Sync
import Synchronization
import TestSupport
import Testing

@testable import CommandLineInterface

/// `run --every`: when passes begin and end, and what stays of a process that makes many.
@Suite struct RunLoopTests {
  /// Time that passes only where somebody waits.
  private final class Hands: Sendable {
    private let start = ContinuousClock.now
    private let offset = Mutex(Duration.zero)

    /// Seconds since the beginning.
    var seconds: Int { Int(offset.withLock { $0 }.components.seconds) }

    func advance(_ seconds: Int) { offset.withLock { $0 += .seconds(seconds) } }

    var clock: RunClock {
      RunClock(
        now: { self.start + self.offset.withLock { $0 } },
        wait: { instant in
          try Task.checkCancellation()
          self.offset.withLock { $0 = max($0, instant - self.start) }
        }
      )
    }

    /// A clock whose waits last until somebody ends them.
    var frozen: RunClock {
      RunClock(now: { self.start }, wait: { _ in try await Task.sleep(for: .seconds(86_400)) })
    }
  }

  /// Something that becomes true, in any task.
  private final class Flag: Sendable {
    private let stored = Mutex(false)

    var isRaised: Bool { stored.withLock { $0 } }

    func raise() { stored.withLock { $0 = true } }
  }

  @Test func `passes begin at even distances, and late ones are not made up for`() async {
    let hands = Hands()
    var starts: [Int] = []
    let loop = RunLoop(interval: .seconds(5), clock: hands.clock)
    let isOver = Mutex(false)
    await loop.run(isStopped: { isOver.withLock { $0 } }) { number in
      starts.append(hands.seconds)
      // The third one takes longer than two intervals.
      hands.advance(number == 3 ? 12 : 1)
      if number == 6 { isOver.withLock { $0 = true } }
    }
    #expect(starts == [0, 5, 10, 22, 27, 32])
  }

  @Test func `an announcement ends a wait, and several are one pass`() async {
    let hands = Hands()
    let loop = RunLoop(interval: .seconds(5), clock: hands.frozen)
    let passes = Mutex(0)
    await loop.run(isStopped: { passes.withLock { $0 } == 3 }) { number in
      passes.withLock { $0 = number }
      // While a pass is under way: it may have read before the change.
      loop.wakeup.set()
      loop.wakeup.set()
    }
    #expect(passes.withLock { $0 } == 3)
  }

  @Test func `a loop that is stopped while it waits ends at once`() async {
    let loop = RunLoop(interval: .seconds(5), clock: Hands().frozen)
    let flag = Flag()
    await loop.run(isStopped: { flag.isRaised }) { _ in
      Task {
        flag.raise()
        loop.wakeup.set()
      }
    }
    #expect(flag.isRaised)
  }

  @Test func `services are told once a minute`() {
    let hands = Hands()
    let pacing = Pacing(hands.clock)
    var due: [Int] = []
    for _ in 0..<40 {
      if pacing.isDue() { due.append(hands.seconds) }
      hands.advance(5)
    }
    #expect(due == [0, 60, 120, 180])
  }

  @Test func `only what is new is said`() {
    let told = RepeatedReports()
    func report(_ outcome: RunReport.Outcome, _ error: String? = nil, sent: Int = 0) -> Bool {
      var report = RunReport(sync: "a", startedAt: 0, finishedAt: 1, outcome: outcome)
      report.error = error.map { RunError(.failed, $0, kind: .system) }
      report.counts.sent = sent
      return told.isNews(report)
    }
    #expect(report(.done) && !report(.done) && report(.done, sent: 1) && !report(.done))
    #expect(report(.failed, "no") && !report(.failed, "no") && report(.failed, "other"))
    #expect(report(.done) && !report(.done))
  }

  // MARK: - Processes

  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    return folder
  }

  @Test func `many passes leave descriptors and threads as they were`() async throws {
    let sluice = try #require(Shell.program("sluice"))
    let folder = try await project()
    // Passes are counted by the log; bash waits without sleeping.
    let outcome = await Shell.run(
      """
      cd '\(folder.path)'; '\(sluice)' run --every 1ms --log-level debug > out 2> err & child=$!
      passes() { grep -c ' pass [0-9]*$' err; }
      until [ "$(passes)" -ge 10 ]; do :; done
      kill -STOP $child; before=$(ls /proc/$child/fd | wc -l); kill -CONT $child
      until [ "$(passes)" -ge 60 ]; do :; done
      kill -STOP $child; after=$(ls /proc/$child/fd | wc -l); kill -CONT $child
      kill $child; wait $child; echo "$? $((after - before))"; tail -2 err
      """
    )
    let line = outcome.output.prefix { $0 != "\n" }
    let numbers = line.split(separator: " ").compactMap { Int($0) }
    #expect(numbers.first == 143, "\(outcome)")
    // A pass that is stopped in its middle has some open that others have not.
    #expect(numbers.count == 2 && abs(numbers[1]) < 30, "\(outcome)")
    let log = try folder.read("err")
    // The first pass sends, the others have nothing to say.
    #expect(log.components(separatedBy: " rows read").count - 1 < 70)
    #expect(log.components(separatedBy: "the same again").count > 40)
  }

  @Test func `a service says when it is ready, that it lives, and that it ends`() async throws {
    let sluice = try #require(Shell.program("sluice"))
    let folder = try await project()
    // A path of a socket has room for 107 bytes.
    let path = "/tmp/sluice-notify-\(getpid())"
    defer { unlink(path) }
    let listener = try #require(DatagramListener(path))
    let script = """
      cd '\(folder.path)'; export NOTIFY_SOCKET='\(path)' WATCHDOG_USEC=60000000
      '\(sluice)' run --every 1h > out 2> err & child=$!
      until [ -e stop ]; do :; done; kill $child; wait $child; echo "ended with $?"
      """
    let child = Task { await Shell.run(script) }
    let first = await listener.next()
    #expect(first == "READY=1\nSTATUS=running" || first == "WATCHDOG=1")
    var seen: Set<String> = [first]
    while seen.count < 2 { seen.insert(await listener.next()) }
    try folder.write("", to: "stop")
    while !seen.contains("STOPPING=1") { seen.insert(await listener.next()) }
    #expect(seen == ["READY=1\nSTATUS=running", "WATCHDOG=1", "STOPPING=1"])
    #expect(await child.value.output == "ended with 143\n")
  }

  @Test(arguments: [
    ("run --every 5s --limit 3", "--limit is for one run"),
    ("run --every 5s --allow max_removed", "--allow is for one run"),
    ("run --every 5s --jitter 3s", "--jitter is for one run"),
    ("run --listen x", "--listen needs --every"),
    ("run --every 5s --listen x", "no sync of these reads from Postgres"),
  ]) func `what makes no sense in a loop is refused`(
    _ line: String,
    _ message: String
  ) async throws {
    let folder = try await project()
    let outcome = await folder.run(line)
    #expect(outcome.code == .usage)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}

/// A local socket that gets datagrams, as systemd has one.
private final class DatagramListener: Sendable {
  private let descriptor: Int32

  init?(_ path: String) {
    unlink(path)
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    if !isBound { return nil }
  }

  deinit { close(descriptor) }

  /// The next datagram, awaited on a thread of its own.
  func next() async -> String {
    let descriptor = descriptor
    return await withCheckedContinuation { waiting in
      Thread.detachNewThread {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        waiting.resume(returning: String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self))
      }
    }
  }
}
