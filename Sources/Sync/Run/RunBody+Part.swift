extension RunBody {
  /// Says which keys somebody asked for that the result does not have.
  func tellMissingKeys() {
    guard let missing = (run.source as? PartialSource)?.missingKeys, !missing.isEmpty else {
      return
    }
    let finding = "\(missing.count) of the keys asked for are not in the result"
    // A plan may be for readers who must not see keys.
    if run.isPlan { return run.warn(finding) }
    let rest = missing.count > 5 ? ", …" : ""
    run.warn("\(finding): \(missing.prefix(5).joined(separator: " · "))\(rest)")
  }
}
