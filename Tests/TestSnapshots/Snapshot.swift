import Foundation

/// A text that a test keeps in a file beside it, to see when it changes.
public enum Snapshot {
  /// Compares `text` with the snapshot `name` in the folder `Snapshots` beside the test's file.
  ///
  /// The answer is nil when they are the same, else what to say. `RECORD_SNAPSHOTS=1` writes the
  /// text and fails all the same, so that nobody records by accident.
  public static func difference(
    _ text: String,
    from name: String,
    beside testFile: StaticString = #filePath
  ) -> String? {
    let folder = URL(fileURLWithPath: "\(testFile)").deletingLastPathComponent()
      .appendingPathComponent("Snapshots")
    let file = folder.appendingPathComponent(name + ".txt")
    let recorded = try? String(contentsOf: file, encoding: .utf8)
    if recorded == text + "\n" { return nil }
    guard ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" else {
      return "\(name) differs from its snapshot (RECORD_SNAPSHOTS=1 rewrites it):\n\(text)"
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: file)
      return "\(name) was recorded"
    } catch {
      return "\(name) could not be recorded: \(error)"
    }
  }

  /// The names of all snapshots beside the test's file.
  public static func names(beside testFile: StaticString = #filePath) -> Set<String> {
    let folder = URL(fileURLWithPath: "\(testFile)").deletingLastPathComponent()
      .appendingPathComponent("Snapshots")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return Set(files.map { $0.replacingOccurrences(of: ".txt", with: "") })
  }
}
