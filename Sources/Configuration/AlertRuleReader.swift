import Settings

/// Reads one of `alerts.rules`.
struct AlertRuleReader {
  let channelNames: [String]
  let syncNames: [String]

  func read(_ node: YAMLNode) -> AlertRule? {
    guard let entries = node.entries("a rule") else { return nil }
    guard let on = entries.first(where: { $0.key == "on" }) else {
      node.error("the key 'on' is missing", hint: "write 'on: failed'", kind: .missingKey)
      return nil
    }
    guard let kind = on.value.oneOf(AlertRule.Kind.self, "what a rule looks at") else { return nil }
    guard let map = MappingReader(node, KeyVariants.rule.table(kind.rawValue)) else { return nil }
    let condition = condition(kind, map)
    let severity = map["severity"].map { $0.oneOf(AlertSeverity.self, "a severity") }
    let channels = channels(map)
    let narrowing = AlertNarrowing(syncNames: syncNames)
    let (syncs, tags) = (narrowing.syncs(map), narrowing.tags(map))
    let muted = map["mute_until"].map(time)
    guard let condition, let channels else { return nil }
    return AlertRule(
      condition,
      severity: severity ?? nil,
      channels: channels,
      syncs: syncs,
      tags: tags,
      muteUntil: muted ?? nil
    )
  }

  private func channels(_ map: MappingReader) -> [String]? {
    map.required("channels", hint: "write 'channels: [NAME]'")
      .flatMap { AlertNarrowing.known("channel", among: channelNames, $0) }
  }

  // MARK: - Conditions

  /// The keys that only rules of this kind have.
  static func ownKeys(of kind: AlertRule.Kind) -> [KeyTable.Key] {
    switch kind {
    case .failed, .guarded: []
    case .rejected:
      [
        .optional(
          "above",
          .either([.integer(0...Int.max), .percent]),
          says: "So many rows are too many"
        )
      ]
    case .stale: [.required("after", .duration, says: "So long without success is too long")]
    case .unusual:
      [.optional("factor", .number(above: 1), says: "So many times the median is unusual")]
    case .duration:
      [
        .required(
          "above",
          .either([.duration, .form("[0-9.]+x")]),
          says: "So long is too long; or a multiple of the median, such as 3x"
        )
      ]
    case .rows:
      [.required("below", .percent, says: "So few of the rows of the run before are too few")]
    }
  }

  private func condition(
    _ kind: AlertRule.Kind,
    _ map: MappingReader
  ) -> AlertRule.Condition? {
    switch kind {
    case .failed: return .failed
    case .guarded: return .guarded
    case .rejected:
      guard let node = map["above"] else { return .rejected(above: .rows(0)) }
      return amount(node).map { .rejected(above: $0) }
    case .stale:
      return map.required("after", hint: "write 'after: 2h'")?
        .duration("a time without success", in: .seconds(1)...(.seconds(365 * 86_400)))
        .map { .stale(after: $0) }
    case .unusual:
      guard let node = map["factor"] else { return .unusual(factor: 5) }
      return number(node.content, suffix: "").map { .unusual(factor: $0) }
        ?? node.expected("a factor, a number above 1")
    case .duration:
      return map.required("above", hint: "write 'above: 10min', or 'above: 3x' the median")
        .flatMap(length).map { .duration(above: $0) }
    case .rows:
      guard let node = map.required("below", hint: "write 'below: 50%'") else { return nil }
      return percent(node.content, atMost: 100).map { .rows(below: $0) }
        ?? node.expected("a percentage from 0% to 100%")
    }
  }

  private func amount(_ node: YAMLNode) -> AlertRule.Amount? {
    if case .scalar(let text, _) = node.content, YAMLNumber.isInteger(text),
      let rows = YAMLNumber.json(text).flatMap({ Int($0) }), rows >= 0
    {
      return .rows(rows)
    }
    return percent(node.content, atMost: 100).map { .percent($0) }
      ?? node.expected("a number of rows from 0, or a percentage such as 1%")
  }

  private func length(_ node: YAMLNode) -> AlertRule.Length? {
    if let factor = number(node.content, suffix: "x") { return .median(factor) }
    if case .scalar(let text, _) = node.content, let time = DurationText.parse(text) {
      return .time(time)
    }
    return node.expected("a duration such as 10min, or a multiple of the median such as 3x")
  }

  /// A number above 1 before `suffix`.
  private func number(_ content: YAMLNode.Content, suffix: String) -> Double? {
    guard case .scalar(let text, _) = content, text.hasSuffix(suffix),
      let number = plain(text.dropLast(suffix.count)), number > 1, number.isFinite
    else { return nil }
    return number
  }

  private func percent(_ content: YAMLNode.Content, atMost most: Double) -> Double? {
    guard case .scalar(let text, _) = content, text.hasSuffix("%"),
      let number = plain(text.dropLast()), (0...most).contains(number)
    else { return nil }
    return number
  }

  /// A number of decimal digits, with a fraction or without.
  private func plain(_ text: Substring) -> Double? {
    text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } ? Double(text) : nil
  }

  private func time(_ node: YAMLNode) -> Int? {
    guard case .scalar(let text, _) = node.content else { return node.expected(Self.timeForm) }
    guard let time = TimePoint.microseconds(text) else {
      return node.expected(Self.timeForm, hint: "write Z for UTC, or an offset such as +01:00")
    }
    return time
  }

  private static let timeForm = "a time such as 2026-12-24T08:00Z"
}
