import Glibc

/// What became of a program that was run to its end.
struct ProgramRun {
  /// The code it ended with; 128 and the number of the signal that ended it.
  let code: Int32
  /// What it wrote to standard output.
  let output: [UInt8]
  /// What it wrote to standard error, in one line.
  let message: String

  /// Longest time it may take, in milliseconds.
  private static let timeout: Int32 = 30_000

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
    // Files without a name in place of pipes: nobody has to read and write at the same time.
    let files = (0..<3).map { _ in Self.namelessFile(in: environment["TMPDIR"] ?? "/tmp") }
    var life: [Int32] = [-1, -1]
    let hasPipe = pipe(&life) == 0
    for end in life where hasPipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for file in files + [life[0]] where file >= 0 { close(file) } }
    guard hasPipe, files.allSatisfy({ $0 >= 0 }),
      DescriptorSink(descriptor: files[0]).write(bytes: input), lseek(files[0], 0, SEEK_SET) == 0
    else {
      if life[1] >= 0 { close(life[1]) }
      throw Self.failure(path, errno)
    }
    let started = Self.start(path, arguments, environment, files: files + [life[1]])
    close(life[1])
    let process = try started.get()
    code = try Self.wait(for: process, path, untilClosed: life[0])
    output = Self.content(of: files[1])
    message =
      String(decoding: Self.content(of: files[2]), as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: "; ").printable
  }

  /// Starts it with `files` as its first descriptors; the last one is only kept open, so that its
  /// other end tells when the program is over.
  private static func start(
    _ path: String,
    _ arguments: [String],
    _ environment: [String: String],
    files: [Int32]
  ) -> Result<pid_t, CommandFailure> {
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
    return code == 0 ? .success(process) : .failure(failure(path, code))
  }

  private static func wait(
    for process: pid_t,
    _ path: String,
    untilClosed life: Int32
  ) throws(CommandFailure) -> Int32 {
    var waiting = pollfd(fd: life, events: Int16(POLLIN), revents: 0)
    var result = poll(&waiting, 1, timeout)
    while result < 0, errno == EINTR { result = poll(&waiting, 1, timeout) }
    let isLate = result == 0
    if isLate { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { throw failure(path, errno) }
    }
    if isLate { throw CommandFailure(.failed, "\(path) did not end within 30 s") }
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

  private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(.failed, "cannot run \(path.printable): \(String(cString: strerror(code)))")
  }
}
