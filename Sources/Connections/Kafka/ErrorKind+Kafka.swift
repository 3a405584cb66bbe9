internal import Kafka
internal import KafkaProtocol
internal import Settings

extension LoginError.Code {
  /// The kind that a user sees; brokers that are down are met in several ways.
  var kind: ErrorKind {
    switch self {
    case .setting: .destinationSetting
    case .nameResolution, .connection, .timedOut, .closed: .destinationUnreachable
    case .notTLS, .wantsTLS, .certificate, .clientCertificate, .tls: .destinationTLS
    case .mechanism, .credentials, .server: .destinationLogin
    case .token: .destinationCredentials
    case .protocolViolation: .brokerRefused
    }
  }
}

extension KafkaError.Code {
  /// The kind that a user sees.
  var kind: ErrorKind {
    switch self {
    case .setting: .destinationSetting
    case .unreachable, .timedOut: .destinationUnreachable
    case .tls: .destinationTLS
    case .authentication: .destinationLogin
    case .authorization: .destinationRights
    case .unknownTopic: .unknownTopic
    case .unsupported: .destinationUnsupported
    case .abortable, .fatal: .transactionFailed
    case .fenced: .fenced
    case .outcomeUnknown: .outcomeUnknown
    case .interrupted: .interrupted
    case .broker: .brokerRefused
    }
  }
}
