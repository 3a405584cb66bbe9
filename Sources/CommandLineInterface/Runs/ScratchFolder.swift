import Foundation
import Glibc

/// A folder for files that nobody needs afterwards; it goes with its last reference.
final class ScratchFolder {
  /// Where it is.
  let path: String

  /// A file in it for a state.
  var statePath: String { path + "/state.db" }

  init() throws(CommandFailure) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/sluice-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw CommandFailure(.failed, "cannot make a folder in \(base)", hint: "set TMPDIR")
    }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
