public import Foundation

/// The conformance suites: data that other projects wrote, outside of this repository.
public enum Suites {
  /// The folder of the suites: `SLUICE_SUITES`, else `shared/suites` beside the package's folder.
  ///
  /// `nil` if there is no such folder: tests that need it are skipped then.
  public static let location: String? = {
    let beside = Shell.root + "/../shared/suites"
    let place = ProcessInfo.processInfo.environment["SLUICE_SUITES"] ?? beside
    return FileManager.default.fileExists(atPath: place) ? place : nil
  }()

  /// Every file in the folder of the suites and below, in the order of their paths.
  ///
  /// Empty if there is no such folder.
  public static var files: [URL] {
    let folder = URL(fileURLWithPath: location ?? "/nonexistent")
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (found?.compactMap { $0 as? URL } ?? []).sorted { $0.path < $1.path }
  }

  /// Reads a file of a suite.
  ///
  /// Throws if it cannot be read.
  public static func read(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(location ?? "")/\(path)"))
  }
}
