import Blocking
import Settings
import Tracing

extension ClusterLogin {
  /// Tries every step with every broker of the settings, and says which failed and why.
  ///
  /// Each broker gets ``LoginSettings/connectTimeout``, all together `timeout`.
  public func check(timeout: Duration) async -> LoginReport {
    await onThread { [self] in LoginCheck(self, before: Deadline(after: timeout)).run() }
  }
}

/// The steps of one check.
private struct LoginCheck {
  private let login: ClusterLogin
  private let end: Deadline
  private var report = LoginReport()

  init(_ login: ClusterLogin, before end: Deadline) {
    self.login = login
    self.end = end
  }

  consuming func run() -> LoginReport {
    for broker in login.settings.brokers where !end.isPast { check(broker) }
    let tried = Set(login.settings.brokers.map { Endpoint($0) })
    for broker in report.cluster?.brokers ?? [] {
      let name = "\(broker.host):\(broker.port)"
      if !tried.contains(Endpoint(name)), !end.isPast { checkAdvertised(name) }
    }
    return report
  }

  private var deadline: Deadline { end.earlier(Deadline(after: login.settings.connectTimeout)) }

  private mutating func check(_ broker: String) {
    let deadline = deadline
    let endpoint = Endpoint(broker)
    guard
      let addresses = step(
        .nameResolution,
        broker: broker,
        result: resolving(endpoint, deadline),
        detail: { list in
          list.map(\.text).joined(separator: ", ")
        }
      ),
      let connection = step(
        .connection,
        broker: broker,
        result: opening(addresses, name: broker, deadline: deadline)
      ),
      secure(connection, host: endpoint.host, broker: broker, deadline: deadline)
    else { return }
    let session = BrokerSession(connection, login.trace)
    let mechanism = login.settings.mechanism?.name ?? "none"
    guard
      step(.login, broker: broker, result: loggingIn(session, deadline), detail: { mechanism })
        != nil
    else { return }
    guard report.cluster == nil else { return }
    report.cluster = step(.cluster, broker: broker, result: describing(session, deadline)) {
      cluster in
      let release = cluster.release.map { "Kafka \($0)" } ?? "a release that it does not tell"
      let brokers = cluster.brokers.count == 1 ? "1 broker" : "\(cluster.brokers.count) brokers"
      return "\(release), cluster \(cluster.clusterID ?? "without id"), \(brokers)"
    }
  }

  private mutating func checkAdvertised(_ name: String) {
    let deadline = deadline
    let endpoint = Endpoint(name)
    let opened = Result { () throws(LoginError) in
      let addresses = try resolving(endpoint, deadline).get()
      let connection = try opening(addresses, name: name, deadline: deadline).get()
      guard let context = login.context else { return }
      try connection.startTLS(context, host: endpoint.host, before: deadline)
    }
    let failed = opened.mapError { error in
      var error = error.at(name)
      error.message = "the address that the cluster advertises does not work: \(error.message)"
      error.hint =
        "correct advertised.listeners of the brokers, or the way from here to that address"
      return error
    }
    _ = step(.advertised, broker: name, result: failed)
  }

  private mutating func secure(
    _ connection: Connection,
    host: String,
    broker: String,
    deadline: Deadline
  ) -> Bool {
    guard let context = login.context else { return true }
    let result = Result { () throws(LoginError) in
      try connection.startTLS(context, host: host, before: deadline)
    }
    let isFine = step(.tls, broker: broker, result: result) { connection.tls?.version } != nil
    report.steps[report.steps.count - 1].certificate = connection.tls?.certificate
    return isFine
  }

  private func resolving(
    _ endpoint: Endpoint,
    _ deadline: Deadline
  ) -> Result<[Address], LoginError> {
    Result { () throws(LoginError) in
      try Address.resolve(endpoint.host, port: endpoint.port, before: deadline)
    }
  }

  private func opening(
    _ addresses: [Address],
    name: String,
    deadline: Deadline
  ) -> Result<Connection, LoginError> {
    Result { () throws(LoginError) in
      try Connection.open(addresses, name: name, before: deadline)
    }
  }

  private func loggingIn(
    _ session: BrokerSession,
    _ deadline: Deadline
  ) -> Result<Void, LoginError> {
    Result { () throws(LoginError) in try login.logIn(session, before: deadline) }
  }

  private func describing(
    _ session: BrokerSession,
    _ deadline: Deadline
  ) -> Result<Cluster, LoginError> {
    let hasLogin = login.settings.mechanism != nil
    return Result { () throws(LoginError) in try session.describeCluster(before: deadline) }
      .mapError { error in
        guard error.code == .closed, !hasLogin else { return error }
        var error = error
        error.hint = "does this listener want a login (`sasl`), or TLS?"
        return error
      }
  }

  private mutating func step<Value>(
    _ kind: LoginStep.Kind,
    broker: String,
    result: Result<Value, LoginError>,
    detail: (Value) -> String? = { _ in nil }
  ) -> Value? {
    switch result {
    case .success(let value):
      login.trace("check", "\(broker): \(kind.rawValue) works")
      report.steps.append(LoginStep(kind: kind, broker: broker, detail: detail(value)))
      return value
    case .failure(let error):
      login.trace("check", "\(broker): \(kind.rawValue): \(error.message)")
      report.steps.append(LoginStep(kind: kind, broker: broker, failure: error.at(broker)))
      return nil
    }
  }
}
