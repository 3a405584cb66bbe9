internal import CPostgres
internal import Glibc

/// Connects without blocking for longer than a wake-up or `connect_timeout` allows.
///
/// libpq's own blocking call hears no signal, and its asynchronous one knows no timeout: the time
/// for each host of the list is kept here, as `PQconnectdbParams` keeps it.
struct ConnectionAttempt {
  let parameters: [(keyword: String, value: String)]
  let wakeup: Wakeup

  /// The connection, to be closed by the caller also where it failed; throws if it ended early.
  func connect() throws(PostgresError) -> OpaquePointer {
    var parameters = parameters
    while true {
      guard let pointer = Self.start(parameters) else {
        throw PostgresError(code: .connection, message: "out of memory")
      }
      switch wait(pointer) {
      case .ready: return pointer
      case .woken:
        PQfinish(pointer)
        throw PostgresError(code: .cancelled, message: "the connection was given up")
      case .timedOut:
        let (place, rest) = (Self.place(pointer), Self.others(pointer))
        PQfinish(pointer)
        guard let rest else {
          throw PostgresError(
            code: .connection,
            message: "connection to \(place) failed: timeout expired",
            hint:
              "is the server up, and host and port right? `connect_timeout` is how long is waited"
          )
        }
        parameters += rest
      }
    }
  }

  private static func start(_ parameters: [(keyword: String, value: String)]) -> OpaquePointer? {
    CStrings.with(parameters.map(\.keyword)) { keywords in
      CStrings.with(parameters.map(\.value)) { values in
        // Without expansion: a connection string never reaches libpq, which would quote it.
        PQconnectStartParams(keywords, values, 0)
      }
    }
  }

  /// Lets libpq work until it is connected or has failed, which its status tells.
  private func wait(_ pointer: OpaquePointer) -> Wakeup.Event {
    var status = PGRES_POLLING_WRITING
    var address = Self.address(pointer)
    var deadline = self.deadline(pointer)
    while PQstatus(pointer) != CONNECTION_BAD, status != PGRES_POLLING_OK,
      status != PGRES_POLLING_FAILED
    {
      if address != Self.address(pointer) {
        address = Self.address(pointer)
        deadline = self.deadline(pointer)
      }
      let rest = deadline.map { max(0, $0 - Self.milliseconds()) }
      let event = wakeup.wait(
        for: PQsocket(pointer),
        toWrite: status == PGRES_POLLING_WRITING,
        milliseconds: rest.map { Int32(clamping: $0) } ?? -1
      )
      if event != .ready { return event }
      status = PQconnectPoll(pointer)
    }
    return .ready
  }

  /// When to give up the current host, nil for never.
  private func deadline(_ pointer: OpaquePointer) -> Int? {
    let text = parameters.last { $0.keyword == "connect_timeout" }?.value
    guard let seconds = text.flatMap({ Int($0) }), seconds > 0 else { return nil }
    // libpq takes 1 for 2.
    return Self.milliseconds() + max(2, seconds) * 1000
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  // MARK: - Hosts

  private static func address(_ pointer: OpaquePointer) -> [String] {
    [PQhost(pointer), PQhostaddr(pointer), PQport(pointer)]
      .map { $0.map { String(cString: $0) } ?? "" }
  }

  private static func place(_ pointer: OpaquePointer) -> String {
    let address = address(pointer)
    return "server at \"\(address[0])\", port \(address[2])"
  }

  /// The hosts after the one that did not answer; nil if it was the last.
  private static func others(
    _ pointer: OpaquePointer
  ) -> [(keyword: String, value: String)]? {
    let current = address(pointer)
    let options = ConnectionOptions(pointer)
    let endpoints = options.endpoints
    guard let index = endpoints.firstIndex(where: { $0.matches(current) }),
      index + 1 < endpoints.count
    else { return nil }
    let rest = endpoints[(index + 1)...]
    var result = [(keyword: "port", value: rest.map(\.port).joined(separator: ","))]
    if options["host"] != nil {
      result.append(("host", rest.map(\.host).joined(separator: ",")))
    }
    if options["hostaddr"] != nil {
      result.append(("hostaddr", rest.map(\.hostAddress).joined(separator: ",")))
    }
    return result
  }
}

/// What a connection was made with: parameters, the environment's variables, the service file.
struct ConnectionOptions {
  /// One of several servers of a connection.
  struct Endpoint {
    var host: String
    var hostAddress: String
    var port: String

    /// Whether `address` (host, numeric address, port) may be this one.
    func matches(_ address: [String]) -> Bool {
      let isHost = host.isEmpty ? hostAddress == address[1] : host == address[0]
      return isHost && (port.isEmpty || port == address[2])
    }
  }

  private var values: [String: String] = [:]

  init(_ pointer: OpaquePointer) {
    guard let options = PQconninfo(pointer) else { return }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
  }

  subscript(_ keyword: String) -> String? { values[keyword].flatMap { $0.isEmpty ? nil : $0 } }

  /// The servers in the order of the list.
  var endpoints: [Endpoint] {
    let list = { (keyword: String) -> [String] in
      self[keyword].map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      } ?? []
    }
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
    return (0..<max(hosts.count, addresses.count)).map { index in
      Endpoint(
        host: index < hosts.count ? hosts[index] : "",
        hostAddress: index < addresses.count ? addresses[index] : "",
        port: ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
      )
    }
  }
}
