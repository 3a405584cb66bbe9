internal import Sync
internal import Kafka

extension DeliveryFailure {
  /// Says in Sync's words what Kafka said; ``cause`` is the error itself.
  init(_ error: KafkaError) {
    self.init(Code(error.code), error.message, cause: error)
  }

  /// Does `body`, whose failures become Sync's.
  static func adopting<Success>(
    _ body: () async throws(KafkaError) -> Success
  ) async throws(DeliveryFailure) -> Success {
    do { return try await body() } catch { throw DeliveryFailure(error) }
  }

  /// The error of Kafka that this failure was made of, or one that says the same.
  var kafkaError: KafkaError {
    cause as? KafkaError ?? KafkaError(code: .broker, message: message)
  }
}

extension DeliveryFailure.Code {
  fileprivate init(_ code: KafkaError.Code) {
    self =
      switch code {
      case .setting: .setting
      case .unreachable: .unreachable
      case .tls, .authentication, .authorization: .denied
      case .timedOut: .timedOut
      case .unsupported: .unsupported
      case .abortable: .abortable
      case .fenced: .fenced
      case .fatal: .fatal
      case .outcomeUnknown: .outcomeUnknown
      case .interrupted: .interrupted
      case .unknownTopic, .broker: .other
      }
  }
}

extension DeliveryReport {
  /// The report of the producer; the envelope is handed on, not copied.
  init(_ report: BatchReport) {
    self.init(
      number: report.number,
      envelope: report.envelope,
      offsets: report.offsets,
      failures: report.failures.map { UndeliveredMessage($0) }
    )
  }
}

extension UndeliveredMessage {
  fileprivate init(_ failure: MessageFailure) {
    let fate: Fate =
      switch failure.fate {
      case .refused: .refused
      case .refusedWithRequest: .refusedWithRequest
      case .unknownTopicOrPartition: .unknownTopicOrPartition
      case .unknown: .unknown
      case .stopped: .stopped
      }
    self.init(index: failure.index, error: DeliveryFailure(failure.error), fate: fate)
  }
}
