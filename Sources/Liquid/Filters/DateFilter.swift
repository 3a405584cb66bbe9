import Values

/// `date`: a time in the form that is asked for.
struct DateFilter {
  let clock: TemplateClock

  func apply(_ input: Operand, _ format: String) throws(Fault) -> Operand {
    guard !format.isEmpty else { return input }
    guard format.utf8.count <= 4096 else { throw .argument("a date format is too long") }
    guard let time = time(input) else { return input }
    return .string(TimeFormat.text(time, format))
  }

  /// Numbers are seconds since 1970; text may be `now`, `today`, digits or a date.
  private func time(_ input: Operand) -> CivilTime? {
    switch input {
    case .value(.integer(let seconds)):
      return seconds.magnitude <= CivilTime.secondsMax.magnitude ? CivilTime(seconds: seconds) : nil
    case .value(.string(let text)):
      guard !text.isEmpty else { return nil }
      let now = clock.now()
      let today = CivilTime(seconds: now.seconds, nanoseconds: now.nanoseconds)
      let lower = text.lowercased()
      if lower == "now" || lower == "today" { return today }
      if text.utf8.allSatisfy(\.isDigit) {
        guard let seconds = Int(text), seconds <= CivilTime.secondsMax else { return nil }
        return CivilTime(seconds: seconds)
      }
      return TimeParser.time(text, today: today)
    default: return nil
    }
  }
}
