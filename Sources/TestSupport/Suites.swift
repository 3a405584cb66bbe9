public import Foundation

/// The conformance suites: data that other projects wrote, outside of this repository.
public enum Suites {
  /// The folder of the suites: `SLUICE_SUITES`, else `../shared/suites` beside the package.
  public static let location: String? = {
    let beside = FileManager.default.currentDirectoryPath + "/../shared/suites"
    let place = ProcessInfo.processInfo.environment["SLUICE_SUITES"] ?? beside
    return FileManager.default.fileExists(atPath: place) ? place : nil
  }()

  /// Reads a file of a suite.
  ///
  /// Throws if it cannot be read.
  public static func read(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(location ?? "")/\(path)"))
  }
}
