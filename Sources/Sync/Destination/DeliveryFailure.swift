internal import Reports

public import Settings

/// Why a destination did not do what it was asked for, in Sync's words.
///
/// The destination keeps its own error in ``cause``, and reads it again in
/// ``Destination/explain(_:)`` and ``Destination/rejection(_:of:)``. Made once a failure, never for
/// what arrives.
public struct DeliveryFailure: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure that Sync treats differently.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A setting cannot be used.
    case setting
    /// This user may not do it, or does not get in at all.
    case denied
    /// The destination cannot do this.
    case unsupported
    /// The run was asked to stop.
    case interrupted
    /// Nobody answers.
    case unreachable
    /// No answer within the time allowed.
    case timedOut
    /// The transaction must be aborted; then the next one can begin.
    case abortable
    /// Another producer took over.
    case fenced
    /// This producer is of no more use; a new one may be.
    case fatal
    /// Nobody knows whether the transaction was committed: a new producer has to find out.
    case outcomeUnknown
    /// Any other answer.
    case other
  }

  /// The kind of failure.
  public var code: Code
  /// What happened, for humans.
  public var message: String
  /// The destination's own error; nil if Sync made this failure.
  public var cause: (any Error)?

  /// Describes a failure.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }

  /// Whether another attempt would fail like this one.
  var isFinal: Bool {
    switch code {
    case .denied, .setting, .unsupported, .interrupted: true
    case .unreachable, .timedOut, .abortable, .fenced, .fatal, .outcomeUnknown, .other: false
    }
  }
}

extension DeliveryFailure.Code {
  /// The kind that a user sees if the destination does not explain it.
  public var kind: ErrorKind {
    switch self {
    case .setting: .destinationSetting
    case .denied: .destinationRights
    case .unsupported: .destinationUnsupported
    case .interrupted: .interrupted
    case .unreachable, .timedOut: .destinationUnreachable
    case .abortable, .fatal: .transactionFailed
    case .fenced: .fenced
    case .outcomeUnknown: .outcomeUnknown
    case .other: .brokerRefused
    }
  }
}

extension DeliveryFailure {
  /// Returns what is said if it stops a run.
  func stop(_ sink: any Destination) async -> RunError {
    var stop = await sink.explain(self)
    stop.hint =
      stop.hint ?? "what was not acknowledged is sent again by the next run: nothing is lost"
    return stop
  }
}
