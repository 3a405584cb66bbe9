import Foundation

/// Runs scripts of bash to their end, whatever they leave running behind.
///
/// (Foundation's `Process` waits until every descendant has closed a socket that all of them inherit,
/// which a broker started by the script never does.)
public enum Shell {
  /// Runs `script` and gives its exit code and what it printed on each stream.
  ///
  /// The streams are apart, because a tool that a busy machine delays may complain and still do its
  /// work: its answer must stay as it is.
  ///
  /// It blocks a thread of its own: a script takes seconds, and other tests want the cooperative
  /// pool.
  public static func run(
    _ script: String
  ) async -> (code: Int32, output: String, errors: String) {
    await withCheckedContinuation { waiting in
      Thread.detachNewThread { waiting.resume(returning: runBlocking(script)) }
    }
  }

  /// Runs `script` on the caller's thread: for what takes milliseconds.
  @discardableResult
  public static func runBlocking(
    _ script: String
  ) -> (code: Int32, output: String, errors: String) {
    let output = temporaryFile()
    defer { close(output) }
    let errors = temporaryFile()
    defer { close(errors) }
    guard output >= 0, errors >= 0 else { return (127, "", "no temporary file") }
    let code = spawn(script, output: output, errors: errors)
    return (code, read(output), read(errors))
  }

  /// Whether a program is here: a path, or a name that is looked for in `PATH`.
  ///
  /// For the condition of a test that needs it, which is then skipped by name.
  public static func has(_ program: String) -> Bool {
    runBlocking("command -v '\(program)'").code == 0
  }

  /// A file without a name; -1 if none can be made.
  private static func temporaryFile() -> Int32 {
    var path = Array("/tmp/sluice-test-shell-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    if file >= 0 { unlink(path) }
    return file
  }

  /// The folder of this package.
  public static let root = #filePath.components(separatedBy: "/Sources/").dropLast()
    .joined(separator: "/Sources/")

  /// Absolute path of a program of this package, built beside the tests; nil if it is not.
  public static func program(_ name: String) -> String? {
    let path = "\(root)/.build/debug/\(name)"
    return access(path, X_OK) == 0 ? path : nil
  }

  // What the test process has open is none of the business of what it starts. The loop must not
  // redirect anything: bash would keep the stream at a descriptor that the loop closes.
  private static let closing =
    "for f in /proc/self/fd/*; do n=${f##*/}; ((n < 3 || n == 255)) || eval \"exec $n>&-\"; done\n"

  private static func spawn(_ script: String, output: Int32, errors: Int32) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    let words: [String] = ["bash", "-c", closing + script]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of the cooperative pool have signals blocked; what is started must hear them.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    guard posix_spawn(&process, "/bin/bash", &actions, &attributes, arguments, environ) == 0 else {
      return 127
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }

  private static func read(_ file: Int32) -> String {
    var bytes: [UInt8] = []
    lseek(file, 0, SEEK_SET)
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        count = max(Foundation.read(file, buffer.baseAddress, buffer.count), 0)
      }
      if chunk.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk
    }
  }
}
