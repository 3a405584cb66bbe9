import Foundation

/// A real Kafka for tests: one cluster a test process, started when first asked for.
///
/// The kit is looked for in `KAFKA_KIT`, else in `../shared/kafka` beside the package. Where it is
/// missing, ``start(_:)`` gives nil and says so once.
public struct KafkaKit: Sendable {
  /// The variables of the kit's `env` file: addresses, users, certificates, keys.
  public let variables: [String: String]
  /// The folder the cluster lives in.
  public let folder: String
  private let tools: String

  /// Starts the cluster with `settings` of the broker (`KEY=VALUE`), once for each combination.
  ///
  /// It is stopped and deleted when the process ends; clusters that a killed process left behind
  /// are stopped here.
  public static func start(_ settings: [String] = [], brokers: Int = 1) async -> KafkaKit? {
    // On a thread of its own: a start takes seconds, and other tests want the cooperative pool.
    await withCheckedContinuation { waiting in
      Thread.detachNewThread { waiting.resume(returning: startBlocking(settings, brokers)) }
    }
  }

  private static func startBlocking(_ settings: [String], _ brokers: Int) -> KafkaKit? {
    guard let tools = location else { return missing() }
    let cluster = lock.withLock {
      if clusters.isEmpty { prepare(tools) }
      let name = "\(brokers) \(settings.joined(separator: " "))"
      let known = clusters[name] ?? Cluster(number: clusters.count)
      clusters[name] = known
      return known
    }
    // Who wants another cluster does not wait for this one.
    return cluster.lock.withLock {
      if let known = cluster.kit { return known }
      cluster.kit = launch(tools, settings: settings, brokers: brokers, number: cluster.number)
      return cluster.kit
    }
  }

  /// Where the kit is, nil when this machine has none.
  public static let location: String? = {
    let environment = ProcessInfo.processInfo.environment
    let beside = FileManager.default.currentDirectoryPath + "/../shared/kafka"
    let place = environment["KAFKA_KIT"] ?? beside
    return FileManager.default.isExecutableFile(atPath: place + "/bin/kafka-up") ? place : nil
  }()

  /// The value of a variable, empty when there is none.
  public subscript(_ name: String) -> String { variables[name] ?? "" }

  /// Runs one of Kafka's own tools (`topics`, `acls` …) and gives what it printed.
  @discardableResult
  public func kafka(_ arguments: String...) async -> String { await kafka(arguments) }

  /// Runs one of Kafka's own tools with a list of arguments.
  @discardableResult
  public func kafka(_ tool: String, _ arguments: [String]) async -> String {
    await kafka([tool] + arguments)
  }

  @discardableResult
  private func kafka(_ arguments: [String]) async -> String {
    await run("source \(folder)/env; exec \(tools)/bin/kafka \(Self.quoted(arguments))")
  }

  /// Makes `topic` if it is not there, and returns when the broker shows it.
  ///
  /// By a script that speaks Kafka's protocol: Kafka's own tool takes seconds of two processors.
  public func makeTopic(_ topic: String, partitions: Int = 1, _ settings: [String] = []) async {
    let words = [self["KAFKA_BOOTSTRAP"], topic, String(partitions)] + settings
    let script = Shell.root + "/Tests/Harness/create_topic.py"
    let (code, output, errors) = await Shell.run("exec '\(script)' \(Self.quoted(words))")
    if code != 0 {
      FileHandle.standardError.write(Data("create_topic.py (\(code)): \(output)\(errors)\n".utf8))
    }
  }

  /// The names of all topics, which asking for them does not create.
  public func topics() async -> Set<String> {
    let lines = await run("exec kcat -L -b \(self["KAFKA_BOOTSTRAP"])").split(separator: "\n")
    let names = lines.compactMap { line -> String? in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      return parts.count == 3 && parts[0] == "  topic " ? String(parts[1]) : nil
    }
    return Set(names)
  }

  /// Runs a script of the kit (`kafka-pause` …) on this cluster.
  @discardableResult
  public func script(_ name: String, _ arguments: String...) async -> String {
    await run(
      "\(Self.brokerOptions); exec \(tools)/bin/\(name) \(folder) \(Self.quoted(arguments))"
    )
  }

  /// Starts the token endpoint of this cluster, whose tokens live so many seconds.
  ///
  /// Once a cluster: starting it again would take it away from the tests that use it now. A test
  /// that needs another lifetime starts a cluster of its own, with a setting that no other has.
  public func startTokenEndpoint(tokensLive seconds: Int = 300) async {
    await withCheckedContinuation { waiting in
      Thread.detachNewThread {
        Self.tokenLock.withLock {
          let known = Self.tokenEndpoints[folder]
          precondition(known == nil || known == seconds, "one cluster, one lifetime of tokens")
          if known != nil { return }
          Self.tokenEndpoints[folder] = seconds
          Shell.runBlocking("exec \(tools)/bin/oidc-up \(folder) --expires-in \(seconds)")
        }
        waiting.resume()
      }
    }
  }

  /// The start of a command that reads a topic from its beginning to its end.
  ///
  /// At the end of a topic the broker would wait half a second for more.
  public static let reader = "timeout 900 kcat -C -e -q -o beginning -X fetch.wait.max.ms=10"

  /// Reads everything in `topic` with kcat, one line a message as `format` says.
  public func kcat(_ topic: String, format: String = "%k %s\\n") async -> [String] {
    let arguments = Self.quoted(["-b", self["KAFKA_BOOTSTRAP"], "-t", topic, "-f", format])
    return await run("exec \(Self.reader) \(arguments)")
      .split(separator: "\n").map(String.init)
  }

  @discardableResult
  private func run(_ script: String) async -> String { await Shell.run(script).output }

  private static func quoted(_ arguments: [String]) -> String {
    arguments.map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }
      .joined(separator: " ")
  }

  // Unsafe for the compiler only: every access to `kit` holds `lock`, or is the process's last act.
  /// A cluster that runs or is being started.
  private final class Cluster: @unchecked Sendable {
    let number: Int
    let lock = NSLock()
    var kit: KafkaKit?

    init(number: Int) { self.number = number }
  }

  /// A broker that lives for minutes compiles more than it computes, if it may: without the optimizing
  /// compiler it takes less than half the time of the processors.
  private static let brokerOptions =
    "export KAFKA_OPTS=\"${KAFKA_OPTS:--XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC}\""

  private static let lock = NSLock()
  private static let tokenLock = NSLock()
  // Unsafe for the compiler only: every access holds `lock`, or is the process's last act.
  nonisolated(unsafe) private static var clusters: [String: Cluster] = [:]
  // Unsafe for the compiler only: every access holds `tokenLock`.
  nonisolated(unsafe) private static var tokenEndpoints: [String: Int] = [:]
  private static let prefix = "sluice-test-kafka-"

  private static func missing() -> KafkaKit? {
    FileHandle.standardError.write(
      Data("skipped: no real Kafka here (KAFKA_KIT or ../shared/kafka)\n".utf8)
    )
    return nil
  }

  private static func launch(
    _ tools: String,
    settings: [String],
    brokers: Int,
    number: Int
  ) -> KafkaKit? {
    let process = ProcessInfo.processInfo.processIdentifier
    let folder = "/tmp/\(prefix)\(process)-\(number)"
    let options = settings.flatMap { ["--set", $0] } + ["--brokers", String(brokers)]
    let script = "\(brokerOptions); exec \(tools)/bin/kafka-up \(folder) \(quoted(options))"
    var (code, output, errors) = Shell.runBlocking(script)
    // On a machine that is busy enough the kit takes a node that is only about to start for a dead
    // one; called again, it starts what does not run.
    for _ in 0..<2 where code != 0 { (code, output, errors) = Shell.runBlocking(script) }
    guard code == 0 else {
      FileHandle.standardError.write(
        Data("the real Kafka does not start: \(output)\(errors)\n".utf8)
      )
      return nil
    }
    var variables = variables(of: folder)
    // Amazon's own service is none of a test's business.
    variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1/"
    return KafkaKit(variables: variables, folder: folder, tools: tools)
  }

  private static func variables(of folder: String) -> [String: String] {
    let text = Shell.runBlocking("set -a; source \(folder)/env; exec env -0").output
    var variables: [String: String] = [:]
    for entry in text.split(separator: "\0") {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    }
    return variables
  }

  /// Before the first cluster: stops what others left behind, and sees to the end of this process.
  private static func prepare(_ tools: String) {
    stopStale(tools)
    atexit {
      for kit in KafkaKit.clusters.values.compactMap(\.kit) {
        Shell.runBlocking("\(kit.tools)/bin/kafka-down \(kit.folder) --kill --wipe")
        try? FileManager.default.removeItem(atPath: kit.folder)
      }
    }
  }

  /// Stops the clusters whose test process is gone.
  private static func stopStale(_ tools: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
    for name in names where name.hasPrefix(prefix) {
      let process = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let process = Int32(process), kill(process, 0) != 0, errno == ESRCH else { continue }
      Shell.runBlocking("\(tools)/bin/kafka-down /tmp/\(name) --kill --wipe; rm -rf /tmp/\(name)")
    }
  }
}
