internal import KafkaProtocol

extension LoginError {
  /// What to do where the error itself does not say.
  var advice: String? {
    switch code {
    case .nameResolution: "is the name right? `getent hosts NAME` asks the same name service"
    case .connection: "is the broker up, and the port right?"
    case .timedOut: "a firewall drops packets, or the broker hangs"
    case .notTLS: "use the listener with TLS, or write `tls: false`"
    case .wantsTLS: "leave `tls: false` out"
    case .certificate: "set `ca` to the broker's authority, and use a name in its certificate"
    case .clientCertificate: "set `certificate` and `private_key`"
    case .mechanism: "set `sasl` to a mechanism that the listener offers"
    case .credentials: "check user, password or token under `sasl`"
    case .token: "check where the token or the keys come from, under `sasl`"
    case .server: "this may not be your broker: stop here"
    case .protocolViolation: "is this the address of a Kafka broker?"
    case .closed: "the broker ended the connection: its log says why"
    case .setting: "correct what the destination says there"
    case .tls: nil
    }
  }
}
