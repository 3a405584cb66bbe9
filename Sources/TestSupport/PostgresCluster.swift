import Foundation

/// A private Postgres cluster for tests, made by `initdb` in a folder of its own under `/tmp`.
///
/// It listens on a free port of 127.0.0.1 and on a Unix socket, trusts every local login but that
/// of the role `locked` (password `right`), and is stopped and deleted when the process ends.
/// Clusters that a killed process left behind are stopped before the first one starts.
public struct PostgresCluster: Sendable {
  /// The folder it lives in.
  public let folder: String
  /// Its TCP port.
  public let port: Int

  /// The cluster of this test process; nil where Postgres is not installed, which is said once.
  public static let shared: PostgresCluster? = start()

  /// Whether this machine has Postgres's server programs.
  public static var isInstalled: Bool { programs != nil }

  /// Starts one more cluster, for tests that stop it.
  public static func start() -> PostgresCluster? {
    guard let programs else {
      say("skipped: Postgres is not installed (no initdb in /usr/lib/postgresql/*/bin or PGBIN)")
      return nil
    }
    return lock.withLock {
      prepareOnce()
      return launch(programs)
    }
  }

  /// libpq's keywords for `database`.
  public func parameters(
    database: String = "postgres",
    user: String = "postgres"
  ) -> [(keyword: String, value: String)] {
    [
      ("host", "127.0.0.1"), ("port", String(port)), ("dbname", database), ("user", user),
      ("sslmode", "disable"),
    ]
  }

  /// Makes a database of its own for a test and gives its name.
  public func makeDatabase(_ setUp: String = "", options: String = "") -> String {
    let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
    run("CREATE DATABASE \(name) \(options)")
    if !setUp.isEmpty { run(setUp, in: name) }
    return name
  }

  /// Runs `sql` with psql and gives what it printed, unaligned; errors are printed too.
  @discardableResult
  public func run(_ sql: String, in database: String = "postgres") -> String {
    let (code, output) = psql(sql, in: database)
    if code != 0 { Self.say("psql: \(output)") }
    return output
  }

  /// Runs `sql` with psql and says how that ended.
  public func psql(_ sql: String, in database: String) -> (code: Int32, output: String) {
    let file = "/tmp/sluice-test-sql-\(UUID().uuidString)"
    defer { unlink(file) }
    guard (try? Data(sql.utf8).write(to: URL(fileURLWithPath: file))) != nil else {
      return (127, "no temporary file")
    }
    let (code, output, errors) = Shell.runBlocking(
      "PGOPTIONS=-cclient_min_messages=warning exec psql -XAtq -v ON_ERROR_STOP=1 -h 127.0.0.1"
        + " -p \(port) -U postgres -d \(database) -f \(file)"
    )
    return (code, code == 0 ? output : output + errors)
  }

  /// Stops the server as a crash would: nobody's query is finished.
  public func stopImmediately() {
    control("-m immediate stop")
  }

  /// Starts the server again after ``stopImmediately()``.
  public func startAgain() {
    control("-l \(folder)/log -w -t 60 start")
  }

  @discardableResult
  private func control(_ words: String) -> Int32 {
    guard let programs = Self.programs else { return 127 }
    return Shell.runBlocking(
      "cd /; \(Self.owner) \(programs)/pg_ctl -D \(folder)/data -s \(words) </dev/null"
    ).code
  }

  // MARK: - Making one

  private static let prefix = "sluice-test-postgres-"
  private static let lock = NSLock()
  // Unsafe for the compiler only: every access holds `lock`, or is the process's last act.
  nonisolated(unsafe) private static var started: [PostgresCluster] = []
  nonisolated(unsafe) private static var isPrepared = false

  private static let programs: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))
    let installed = (versions ?? []).compactMap(Int.init).sorted(by: >)
      .map { "/usr/lib/postgresql/\($0)/bin" }
    let named = ProcessInfo.processInfo.environment["PGBIN"].map { [$0] } ?? []
    return (named + installed).first {
      FileManager.default.isExecutableFile(atPath: $0 + "/initdb")
    }
  }()

  // The server refuses to run as root.
  private static let owner = geteuid() == 0 ? "runuser -u postgres --" : ""

  private static func launch(_ programs: String) -> PostgresCluster? {
    var template = Array("/tmp/\(prefix)\(getpid())-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let cluster = PostgresCluster(folder: folder, port: freePort())
    started.append(cluster)
    let (code, _, errors) = Shell.runBlocking(
      """
      set -e
      cd /
      [ "$(id -u)" -ne 0 ] || chown postgres: \(folder)
      \(owner) \(programs)/initdb -D \(folder)/data -U postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-sync --no-instructions >/dev/null
      { echo 'host all locked 127.0.0.1/32 scram-sha-256'; cat \(folder)/data/pg_hba.conf; } \
        >\(folder)/hba
      cat \(folder)/hba >\(folder)/data/pg_hba.conf
      cat >>\(folder)/data/postgresql.conf <<CONF
      port = \(cluster.port)
      listen_addresses = '127.0.0.1'
      unix_socket_directories = '\(folder)'
      fsync = off
      shared_buffers = 32MB
      max_connections = 200
      CONF
      \(owner) \(programs)/pg_ctl -D \(folder)/data -l \(folder)/log -s -w -t 60 start </dev/null
      """
    )
    guard code == 0 else {
      say("Postgres does not start: \(errors)")
      return nil
    }
    cluster.run("CREATE ROLE locked LOGIN PASSWORD 'right'")
    return cluster
  }

  private static func freePort() -> Int {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(listener, pointer, length)
        _ = getsockname(listener, pointer, &length)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func prepareOnce() {
    guard !isPrepared else { return }
    isPrepared = true
    removeStale()
    atexit {
      for cluster in PostgresCluster.started { PostgresCluster.remove(cluster.folder) }
    }
  }

  /// Stops the clusters whose test process is gone.
  private static func removeStale() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
    for name in names where name.hasPrefix(prefix) {
      let process = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let process = Int32(process), kill(process, 0) != 0, errno == ESRCH else { continue }
      remove("/tmp/" + name)
    }
  }

  private static func remove(_ folder: String) {
    PostgresCluster(folder: folder, port: 0).control("-m immediate stop 2>/dev/null")
    Shell.runBlocking("rm -rf '\(folder)'")
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
