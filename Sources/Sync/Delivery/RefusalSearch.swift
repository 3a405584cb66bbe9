/// Finds the messages that a broker refuses among those of refused requests.
///
/// A broker refuses whole requests. Their messages are tried again in ever smaller ones until those
/// are known that are refused alone. Decides only; who owns it sends, and tells what came of it.
struct RefusalSearch<Message: Sendable & Hashable>: Sendable {
  /// Messages of one round, with as many in a request as its width says.
  struct Round: Hashable, Sendable {
    var width: RequestWidth
    var messages: [Message]
  }

  private var waiting: [RequestWidth: [Message]] = [:]
  private var cleared: [RequestWidth: Int] = [:]
  private var refused: [RequestWidth: Int] = [:]

  /// Most requests of a round: what comes after a refusal is sent again by the next one.
  private static var requestsMax: Int { 500 }

  /// Whether there is nothing left to try.
  var isEmpty: Bool { waiting.isEmpty }

  /// Whether only small requests are left to try.
  var isNarrow: Bool { !waiting.isEmpty && waiting[.full] == nil }

  /// Adds messages that were not tried yet, or whose try came to nothing.
  mutating func add(_ messages: [Message], at width: RequestWidth) {
    if messages.isEmpty { return }
    waiting[width, default: []].append(contentsOf: messages)
  }

  /// Notes that so many messages were accepted.
  mutating func clear(_ count: Int, at width: RequestWidth) {
    cleared[width, default: 0] += count
  }

  /// Notes that messages were refused, each with others in its request.
  ///
  /// They are tried in smaller ones. Those that were alone are to blame: there is nothing to try.
  mutating func refuse(_ messages: [Message], at width: RequestWidth) {
    guard let narrower = width.narrower else { return }
    refused[width, default: 0] += messages.count
    add(messages, at: narrower)
  }

  /// Takes the next messages to try, the widest requests first; nil when all are known.
  ///
  /// If `suspicion` is given, small requests begin with the messages of which it is highest: bad
  /// ones that stand together spoil fewer requests. Only for messages whose order does not matter.
  mutating func next(suspicion: ((Message) -> Int)? = nil) -> Round? {
    skipHopelessWidths()
    guard let width = waiting.keys.min(by: { $0.order < $1.order }),
      var messages = waiting[width]
    else { return nil }
    if let suspicion, width != .full {
      messages = messages.map { ($0, suspicion($0)) }.sorted { $0.1 > $1.1 }.map(\.0)
    }
    let count = width.messages.map { min($0 * Self.requestsMax, messages.count) } ?? messages.count
    let rest = Array(messages[count...])
    waiting[width] = rest.isEmpty ? nil : rest
    return Round(width: width, messages: Array(messages[..<count]))
  }

  /// Where more is refused than accepted, smaller requests are the shorter way.
  private mutating func skipHopelessWidths() {
    for width in RequestWidth.allCases {
      guard width != .full, let narrower = width.narrower, let messages = waiting[width],
        refused[width, default: 0] > cleared[width, default: 0]
      else { continue }
      waiting[width] = nil
      add(messages, at: narrower)
    }
  }
}

/// How many messages a request may hold while refused ones are looked for.
enum RequestWidth: Sendable, Hashable, CaseIterable {
  /// As many as fit.
  case full
  /// Some.
  case some
  /// One: a refusal blames the right one.
  case one

  /// Messages in a request, at most; nil for as many as fit.
  var messages: Int? {
    switch self {
    case .full: nil
    // A thousand messages of which one is refused: 32 requests of 32, then 32 of one.
    case .some: 32
    case .one: 1
    }
  }

  /// The next smaller one; nil for the smallest.
  var narrower: Self? {
    switch self {
    case .full: .some
    case .some: .one
    case .one: nil
    }
  }

  fileprivate var order: Int {
    switch self {
    case .full: 0
    case .some: 1
    case .one: 2
    }
  }
}
