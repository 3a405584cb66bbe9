import Blocking
import Glibc

/// What became of a program of the system that was run to its end.
struct ProgramRun {
  /// The code it ended with; 128 and the number of the signal that ended it.
  let code: Int32
  /// What it wrote to standard output.
  let output: [UInt8]
  /// What it wrote to standard error, in one line.
  let message: String

  /// Longest time it may take.
  private static let timeout = Duration.seconds(30)
  /// A crontab of some hundred thousand lines.
  private static let outputBytesMax = 16 << 20

  /// The first executable file called `name` in the folders of `path`, as a shell looks for it.
  static func find(_ name: String, path: String?) -> String? {
    let folders = (path ?? "/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
    return folders.map { ($0.isEmpty ? "." : String($0)) + "/" + name }.first { candidate in
      var status = stat()
      return stat(candidate, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        && access(candidate, X_OK) == 0
    }
  }

  /// Runs the program at `path` with nothing in its environment but `environment`.
  init(
    _ path: String,
    _ arguments: [String],
    environment: [String: String],
    input: [UInt8] = []
  ) throws(CommandFailure) {
    do throws(BoundProcess.Failure) {
      let process = try BoundProcess.run(
        path,
        arguments: arguments,
        environment: environment,
        input: input,
        before: Deadline(after: Self.timeout),
        outputBytesMax: Self.outputBytesMax
      )
      code = process.code
      output = process.output
      message =
        String(decoding: process.errors, as: UTF8.self)
        .split(whereSeparator: \.isNewline).joined(separator: "; ").printable
    } catch {
      switch error {
      case .notStarted(let reason):
        throw CommandFailure(.failed, "cannot run \(path.printable): \(reason)")
      case .tooMuchOutput:
        throw CommandFailure(.failed, "\(path.printable) printed more than 16 MiB")
      case .timedOut: throw CommandFailure(.failed, "\(path) did not end within 30 s")
      }
    }
  }
}
