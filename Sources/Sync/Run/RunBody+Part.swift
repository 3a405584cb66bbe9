extension RunBody {
  /// Says which keys somebody asked for that the result does not have.
  func tellMissingKeys() {
    guard let missing = (run.source as? PartialSource)?.missingKeys, !missing.isEmpty else {
      return
    }
    let rest = missing.count > 5 ? ", …" : ""
    run.warn(
      "\(missing.count) of the keys asked for are not in the result: "
        + missing.prefix(5).joined(separator: " · ") + rest
    )
  }
}
