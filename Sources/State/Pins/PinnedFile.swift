internal import Blocking
internal import Glibc

public import Rows

/// What the file of a pinned plan says of itself.
public struct PinnedFile: Sendable {
  /// Its path.
  public let path: String
  /// What is said of the plan, by name, as it was written.
  public let meta: [String: String]
  /// The shapes of its lines, by number.
  public let shapes: [Int: Shape]
  /// Its batches.
  public let batchCount: Int

  /// Reads what the plan at `path` says; with `examining` the whole file is looked at for damage, and
  /// nobody but its owner may be able to write to it.
  ///
  /// Throws a ``StateError`` if it is not a sound plan of this format.
  public static func open(_ path: String, examining: Bool) async throws(StateError) -> PinnedFile {
    try await onThread { () throws(StateError) in
      let file = try PlanFile.read(path, care: examining ? .whole : .none)
      do throws(StateError) {
        var shapes: [Int: Shape] = [:]
        for (number, columns) in try file.shapes() { shapes[number] = ShapeCoding.decode(columns) }
        return PinnedFile(
          path: path,
          meta: try file.meta(),
          shapes: shapes,
          batchCount: try file.database.integer("SELECT count(*) FROM batch")
        )
      } catch {
        throw PlanFile.plan(error)
      }
    }
  }

  /// Whether the file at `path` begins as a plan does: SQLite's header has the id of the application
  /// in bytes 68 to 71, big-endian.
  public static func isPlan(_ path: String) -> Bool {
    let wanted = withUnsafeBytes(of: UInt32(PlanFile.applicationID).bigEndian) { Array($0) }
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    var header = [UInt8](repeating: 0, count: 72)
    guard fread(&header, 1, header.count, file) == header.count else { return false }
    return header.starts(with: Array("SQLite format 3".utf8)) && Array(header[68...]) == wanted
  }

  /// What to throw if a plan says something that no Sluice writes.
  public func damage(_ what: String) -> StateError {
    PlanFile.plan(
      StateError(code: .damaged, path: path, message: "the plan's \(what) cannot be read")
    )
  }
}
