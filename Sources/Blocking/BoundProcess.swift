internal import CProcess
import Glibc

/// A program that is run to its end, and that ends with this process, however that ends.
///
/// It runs in a process group of its own. At the deadline the whole group is killed. The kernel kills the program if the calling thread ends before it.
public enum BoundProcess {
  /// What became of a program.
  public struct Outcome: Sendable {
    /// The code it ended with; 128 and the number of the signal that ended it.
    public let code: Int32
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// The first 4 KiB of what it wrote to standard error.
    public let errors: [UInt8]
  }

  /// Why there is no outcome.
  public enum Failure: Error, Sendable {
    /// The program cannot be started; what the system says of it.
    case notStarted(String)
    /// It did not end before the deadline.
    case timedOut
    /// It wrote more than it may.
    case tooMuchOutput
  }

  /// Runs the program at `path` in the folder `directory`, and blocks until it has ended.
  ///
  /// Nothing but `environment` is in its environment, and `input` is all that it can
  /// read. It may write `outputBytesMax` bytes to standard output. Throws if it cannot be started, or is killed for
  /// what it does.
  public static func run(
    _ path: String,
    arguments: [String],
    environment: [String: String],
    directory: String = ".",
    input: [UInt8] = [],
    before deadline: Deadline,
    outputBytesMax: Int = 1 << 16
  ) throws(Failure) -> Outcome {
    let inputFile = try file(holding: input)
    defer { close(inputFile) }
    var ends: [Int32] = [-1, -1]
    guard sluice_pipe(&ends) == 0 else { throw .notStarted(SystemError.text()) }
    let (output, outputWriter) = (ends[0], ends[1])
    defer { close(output) }
    guard sluice_pipe(&ends) == 0 else {
      close(outputWriter)
      throw .notStarted(SystemError.text())
    }
    let (errors, errorsWriter) = (ends[0], ends[1])
    defer { close(errors) }
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    let process = sluice_spawn(
      path,
      words,
      variables,
      directory,
      inputFile,
      outputWriter,
      errorsWriter
    )
    let code = errno
    close(outputWriter)
    close(errorsWriter)
    guard process > 0 else { throw .notStarted(SystemError.text(code)) }
    var streams = Streams(output: output, errors: errors, outputBytesMax: outputBytesMax)
    do {
      try streams.read(before: deadline)
    } catch {
      kill(-process, SIGKILL)
      _ = end(of: process)
      throw error
    }
    // What closed its output and lives on has no claim to more time.
    guard let ended = end(of: process, before: deadline) else {
      kill(-process, SIGKILL)
      _ = end(of: process)
      throw .timedOut
    }
    return Outcome(code: ended, output: streams.outputBytes, errors: streams.errorBytes)
  }

  /// The variables of this process, without those called `hidden`.
  public static func inherited(without hidden: Set<String>) -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let parts = String(cString: entry).split(
        separator: "=",
        maxSplits: 1,
        omittingEmptySubsequences: false
      ).map(String.init)
      // Of two with one name a program sees the first.
      if parts.count == 2, !hidden.contains(parts[0]), variables[parts[0]] == nil {
        variables[parts[0]] = parts[1]
      }
      next = next.successor()
    }
    return variables
  }

  /// A file in memory, at its start: nobody has to read and write at the same time.
  private static func file(holding bytes: [UInt8]) throws(Failure) -> Int32 {
    let file = sluice_memory_file()
    guard file >= 0 else { throw .notStarted(SystemError.text()) }
    guard SmallFile.write(bytes, to: file) else {
      let reason = SystemError.text()
      close(file)
      throw .notStarted(reason)
    }
    lseek(file, 0, SEEK_SET)
    return file
  }

  private static func end(of process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return -1 } }
    return code(status)
  }

  /// The same, nil if it does not end before `deadline`.
  private static func end(of process: pid_t, before deadline: Deadline) -> Int32? {
    while true {
      var status: Int32 = 0
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return code(status) }
      if ended < 0, errno != EINTR { return -1 }
      if deadline.isPast { return nil }
      // Its output is closed, so it is about to end: nothing tells when.
      poll(nil, 0, min(5, deadline.milliseconds()))
    }
  }

  private static func code(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}

/// Reads both outputs of a program until it has closed them.
private struct Streams {
  private static let errorBytesMax = 4096
  let outputBytesMax: Int
  private(set) var outputBytes: [UInt8] = []
  private(set) var errorBytes: [UInt8] = []
  private var files: [pollfd]

  init(output: Int32, errors: Int32, outputBytesMax: Int) {
    self.outputBytesMax = outputBytesMax
    files = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Throws at the deadline, and if the program writes too much.
  mutating func read(before deadline: Deadline) throws(BoundProcess.Failure) {
    while files.contains(where: { $0.fd >= 0 }) {
      if deadline.isPast { throw .timedOut }
      let count = poll(&files, nfds_t(files.count), deadline.milliseconds())
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .timedOut }
      for index in files.indices where files[index].revents != 0 {
        let chunk = Self.chunk(files[index].fd)
        // poll passes over a negative descriptor.
        if chunk.isEmpty { files[index].fd = -1 }
        take(chunk, isOutput: index == 0)
      }
      if outputBytes.count > outputBytesMax { throw .tooMuchOutput }
    }
  }

  private mutating func take(_ chunk: [UInt8], isOutput: Bool) {
    if isOutput {
      outputBytes += chunk
    } else {
      errorBytes += chunk.prefix(Self.errorBytesMax - errorBytes.count)
    }
  }

  private static func chunk(_ file: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(Glibc.read(file, buffer.baseAddress, buffer.count), 0)
    }
  }
}
