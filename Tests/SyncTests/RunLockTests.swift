import Foundation
import Glibc
import State
import Testing

/// Runs of this Sluice and of earlier ones on one state.
@Suite struct RunLockTests {
  /// What Sluice took before it asked for locks without taking them.
  private final class EarlierLock {
    let descriptor: Int32

    init?(path: String) {
      descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
      if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      if descriptor >= 0 { close(descriptor) }
      return nil
    }

    deinit { close(descriptor) }
  }

  private let folder = FileManager.default.temporaryDirectory.path + "/lock-\(UUID())"

  private func withLockPath(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/s.lock")
  }

  @Test func `a run of an earlier Sluice keeps one of this Sluice away, until it ends`() throws {
    try withLockPath { path in
      var earlier = EarlierLock(path: path)
      #expect(earlier != nil)
      #expect(try RunLock(path: path) == nil)
      // Nothing is left behind by a run that was kept away.
      #expect(try !RunLock.isHeld(path: path))
      earlier = nil
      let now = try RunLock(path: path)
      #expect(now != nil && earlier == nil)
      #expect(try RunLock.isHeld(path: path))
    }
  }

  @Test func `a run of this Sluice keeps earlier ones and its like away, until it ends`() throws {
    try withLockPath { path in
      var now = try RunLock(path: path)
      #expect(now != nil)
      #expect(EarlierLock(path: path) == nil)
      #expect(try RunLock(path: path) == nil)
      now = nil
      #expect(now == nil && EarlierLock(path: path) != nil)
      #expect(try RunLock(path: path) != nil)
    }
  }
}
