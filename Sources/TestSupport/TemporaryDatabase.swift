import Foundation

/// The path of a SQLite file for one test.
public struct TemporaryDatabase: Sendable {
  /// The path; nothing is there yet.
  public let path = NSTemporaryDirectory() + "/sluice-test-\(UUID().uuidString).db"

  /// Chooses a path that nobody else has.
  public init() {}

  /// Deletes the file and its log.
  public func delete() {
    for end in ["", "-wal", "-shm"] { unlink(path + end) }
  }
}
