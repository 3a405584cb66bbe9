import Blocking
import Glibc

/// Runs a command of the user by `/bin/sh` and takes what it prints, up to 64 KiB.
struct ShellCommand {
  private let text: String
  private let hidden: Set<String>
  private static let outputBytesMax = 1 << 16

  /// `hidden` are the variables that the command does not inherit.
  init(_ text: String, hiding hidden: Set<String> = []) {
    self.text = text
    self.hidden = hidden
  }

  func output(before deadline: Deadline) throws(CredentialError) -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw CredentialError(.token, SystemError.text()) }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
    let process = try start(output: writing)
    close(writing)
    let bytes: [UInt8]
    do {
      bytes = try read(reading, before: deadline)
    } catch {
      kill(-process, SIGKILL)
      _ = wait(for: process)
      throw error
    }
    guard wait(for: process) == 0 else {
      throw CredentialError(.token, "the command for the token failed", hint: "run it by hand")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func start(output: Int32) throws(CredentialError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that at the timeout its children end with it; and no signal blocked,
    // as this thread has them all blocked.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK)
    )
    let words: [String] = ["sh", "-c", text]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let environment = inherited + [nil]
    defer { for entry in environment { free(entry) } }
    var process = pid_t()
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environment)
    guard code == 0 else {
      throw CredentialError(.token, "no command runs: \(SystemError.text(code))")
    }
    return process
  }

  /// Copies of this process's variables but the hidden ones.
  private var inherited: [UnsafeMutablePointer<CChar>?] {
    var entries: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let entry = next.pointee {
      let name = String(cString: entry).prefix { $0 != "=" }
      if !hidden.contains(String(name)) { entries.append(strdup(entry)) }
      next = next.successor()
    }
    return entries
  }

  private func read(_ file: Int32, before deadline: Deadline) throws(CredentialError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= Self.outputBytesMax {
      var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, deadline.milliseconds()) > 0 else {
        throw CredentialError(.timedOut, "the command for the token does not end")
      }
      let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = max(Glibc.read(file, buffer.baseAddress, buffer.count), 0)
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    throw CredentialError(.token, "the command for the token prints too much")
  }

  private func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return -1 } }
    return status
  }
}
