import Glibc

/// What became of a program that was run to its end.
public struct ChildProcess: Sendable {
  /// Why a program could not be run to its end.
  public enum Failure: Error, Sendable, Hashable {
    /// The system does not start it, or says nothing of its end; an `errno`.
    case system(Int32)
    /// It did not end in time, and was killed with all that it started.
    case timedOut
  }

  /// The code it ended with; 128 and the number of the signal that ended it.
  public let code: Int32
  /// What it wrote to standard output.
  public let output: [UInt8]
  /// What it wrote to standard error.
  public let errors: [UInt8]

  /// Runs the program at `path` with nothing in its environment but `environment`, and blocks the
  /// thread until it has ended, at most for `timeout`.
  ///
  /// It gets `input` on its standard input. Throws if it cannot be started, or does not end.
  public init(
    _ path: String,
    _ arguments: [String],
    environment: [String: String],
    input: [UInt8] = [],
    timeout: Duration
  ) throws(Failure) {
    // Files without a name in place of pipes: nobody has to read and write at the same time.
    let files = (0..<3).map { _ in Self.namelessFile(in: environment["TMPDIR"] ?? "/tmp") }
    var life: [Int32] = [-1, -1]
    let hasPipe = pipe(&life) == 0
    for end in life where hasPipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for file in files + [life[0]] where file >= 0 { close(file) } }
    guard hasPipe, files.allSatisfy({ $0 >= 0 }), Self.write(input, to: files[0]) else {
      let code = errno
      if life[1] >= 0 { close(life[1]) }
      throw .system(code)
    }
    let started = Self.start(path, arguments, environment: environment, files: files + [life[1]])
    close(life[1])
    let process = try started.get()
    code = try Self.wait(for: process, timeout, untilClosed: life[0])
    output = Self.content(of: files[1])
    errors = Self.content(of: files[2])
  }

  /// Writes all of `bytes`, and goes back to the start of the file.
  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return lseek(file, 0, SEEK_SET) == 0
  }

  /// Starts it with `files` as its first descriptors; the last one is only kept open, so that its
  /// other end tells when the program is over.
  private static func start(
    _ path: String,
    _ arguments: [String],
    environment: [String: String],
    files: [Int32]
  ) -> Result<pid_t, Failure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    posix_spawnattr_setsigmask(&attributes, &defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process = pid_t()
    let code = posix_spawn(&process, path, &actions, &attributes, words, variables)
    return code == 0 ? .success(process) : .failure(.system(code))
  }

  private static func wait(
    for process: pid_t,
    _ timeout: Duration,
    untilClosed life: Int32
  ) throws(Failure) -> Int32 {
    let deadline = Deadline(after: timeout)
    var waiting = pollfd(fd: life, events: Int16(POLLIN), revents: 0)
    var result = poll(&waiting, 1, deadline.milliseconds())
    while result < 0, errno == EINTR { result = poll(&waiting, 1, deadline.milliseconds()) }
    let isLate = result == 0
    if isLate { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { throw .system(errno) }
    }
    if isLate { throw .timedOut }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// A file that is gone when it is closed, readable by its owner only; -1 where none can be made.
  private static func namelessFile(in folder: String) -> Int32 {
    var path = Array("\(folder)/sluice-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { return -1 }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    return file
  }

  private static func content(of file: Int32) -> [UInt8] {
    let size = Int(max(lseek(file, 0, SEEK_END), 0))
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = size == 0 ? 0 : max(pread(file, buffer.baseAddress, size, 0), 0)
    }
  }
}
