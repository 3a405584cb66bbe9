internal import Text
internal import Transfer

/// One call of a heartbeat, in the form that its service takes.
struct HeartbeatPing: Sendable, Hashable {
  /// What happened.
  enum Event: Sendable, Hashable {
    case started
    case succeeded
    /// It failed with an exit code.
    case failed(Int32)
  }

  /// How a service is told what happened.
  enum Style: Sendable, Hashable {
    /// Healthchecks and what is like it: `/start`, nothing, or the exit code after the path.
    case path
    /// Better Stack: the same without a start.
    case pathWithoutStart
    /// Cronitor: `state` and `status_code` in the query.
    case state
    /// Uptime Kuma: `status` and `msg` in the query, without a start.
    case status

    /// The style of the service at `url`.
    init(of url: String) {
      let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
      let host = rest.prefix { !"/?#".contains($0) }
      let path = rest.dropFirst(host.count).prefix { $0 != "?" }
      if host.contains("cronitor") {
        self = .state
      } else if host.hasSuffix("betterstack.com") || host.hasSuffix("betteruptime.com") {
        self = .pathWithoutStart
      } else {
        self = path.contains("/api/push/") ? .status : .path
      }
    }
  }

  let event: Event
  /// What is said of a failure, at most ten lines.
  let lines: [String]

  /// Most lines of a failure.
  static let linesMax = 10
  private static let bytesMax = 8000
  private static let messageMax = 200

  /// The request to `url`; nil if the service has nothing for the event.
  func request(_ url: String, style: Style? = nil) -> HTTPRequest? {
    let style = style ?? Style(of: url)
    switch style {
    case .path, .pathWithoutStart:
      if event == .started, style == .pathWithoutStart { return nil }
      let body = String(lines.prefix(Self.linesMax).joined(separator: "\n").prefix(Self.bytesMax))
      return HTTPRequest(
        "POST",
        url: Self.appending(suffix, to: url),
        headers: [("Content-Type", "text/plain; charset=utf-8")],
        body: Array(body.utf8)
      )
    case .state: return HTTPRequest(url: Self.replacing(states, in: url))
    case .status:
      if event == .started { return nil }
      return HTTPRequest(url: Self.replacing(statuses, in: url))
    }
  }

  private var suffix: String {
    switch event {
    case .started: "/start"
    case .succeeded: ""
    case .failed(let code): "/\(code)"
    }
  }

  private var message: String { String((lines.first ?? "").prefix(Self.messageMax)) }

  private var states: [(String, String)] {
    switch event {
    case .started: [("state", "run")]
    case .succeeded: [("state", "complete"), ("status_code", "0")]
    case .failed(let code):
      [("state", "fail"), ("status_code", "\(code)"), ("message", message)]
    }
  }

  private var statuses: [(String, String)] {
    switch event {
    case .started, .succeeded: [("status", "up"), ("msg", "OK")]
    case .failed(let code): [("status", "down"), ("msg", "exit code \(code): \(message)")]
    }
  }

  /// `url` with `suffix` at the end of its path.
  private static func appending(_ suffix: String, to url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    let query = url.dropFirst(bare.count)
    let path = !suffix.isEmpty && bare.hasSuffix("/") ? bare.dropLast() : bare
    return path + suffix + query
  }

  /// `url` with these parameters in place of its own of the same names.
  private static func replacing(_ parameters: [(String, String)], in url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    let names = parameters.map(\.0)
    let kept = url.dropFirst(bare.count).dropFirst().prefix { $0 != "#" }.split(separator: "&")
      .map(String.init).filter { part in !names.contains(String(part.prefix { $0 != "=" })) }
    let new = parameters.map { "\($0.0)=\(PercentEncoding.text($0.1))" }
    return bare + "?" + (kept + new).joined(separator: "&")
  }
}
