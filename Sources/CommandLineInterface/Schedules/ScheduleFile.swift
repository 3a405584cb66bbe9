import Blocking

/// One file for a scheduler.
struct ScheduleFile: Sendable {
  let name: String
  let text: String

  /// The first line of every file: whose it is.
  static func mark(_ directory: String, environment: String?) -> String {
    "# sluice schedule of \(directory)" + (environment.map { " --env \($0)" } ?? "")
  }

  /// Whether this project may replace a file that holds `bytes`.
  static func isOwn(_ bytes: [UInt8], mark: String) -> Bool {
    bytes.prefix { $0 != UInt8(ascii: "\n") }.elementsEqual(mark.utf8)
  }
}
