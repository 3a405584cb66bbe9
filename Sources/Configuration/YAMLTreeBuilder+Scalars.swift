import CYAML
import Settings

/// Scalars: what they refer to is put in, and what is secret in them is hidden.
extension YAMLTreeBuilder {
  mutating func scalar(_ node: yaml_node_t, _ range: Range<Int>) -> YAMLNode {
    let written = text(of: node)
    let resolved =
      isReplaced
      ? unresolved(written) : interpolation.resolve(written, allowsCommands: commandPlace != nil)
    // What a variable gives may be pasted into the wrong one: where it does not fit it is not shown.
    let isSecret =
      isUnderSecretKey || isInConnections && !resolved.values.isEmpty || !resolved.secrets.isEmpty
    if isSecret { hide(written, resolved: resolved, range: range) }
    if isInConnections { hidePasswords(in: written, range) }
    for secret in resolved.secrets { source.report.keepSecret(secret) }
    for failure in resolved.failures where !failure.isDeferred { report(failure, in: range) }
    if let commandPlace { source.report.note(commands: resolved.commands, of: commandPlace) }
    source.report.note(resolved.uses, of: connection, in: source.path)
    if connection == nil {
      for value in resolved.values + (isUnderSecretKey ? [resolved.text] : []) {
        source.report.keepPrivate(value)
      }
    }
    guard resolved.failures.isEmpty else {
      return YAMLNode(
        content: .unreadable,
        range: range,
        source: source,
        isSecret: isSecret,
        uses: resolved.uses
      )
    }
    guard !resolved.text.utf8.contains(0) else {
      add(range, message: "a text must not contain a NUL character")
      return YAMLNode(content: .unreadable, range: range, source: source, isSecret: isSecret)
    }
    let isPlain = node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE
    return YAMLNode(
      content: .scalar(resolved.text, isPlain: isPlain),
      range: range,
      source: source,
      isSecret: isSecret,
      uses: resolved.uses
    )
  }

  /// What an overlay replaces, whose references nobody follows: only secrets that are written
  /// here are hidden.
  private func unresolved(_ written: String) -> Interpolation.Result {
    Interpolation.Result(text: written.contains("${") ? "" : written)
  }

  /// Hides passwords that are written into addresses, where none belongs: `user:password@host`.
  private func hidePasswords(in written: String, _ range: Range<Int>) {
    for part in written.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let start = part.firstRange(of: "://")?.upperBound ?? part.startIndex
      guard let at = part.lastIndex(of: "@"), start < at,
        let colon = part[start..<at].firstIndex(of: ":")
      else { continue }
      let password = String(part[part.index(after: colon)..<at])
      if password.isEmpty || password.hasPrefix("${") { continue }
      source.report.keepSecret(password)
      if let place = source.find(password, in: range) { source.mask(place) }
    }
  }

  /// A variable that is not set is for the caller to judge where it makes one connection unusable,
  /// or where nothing is connected to.
  private mutating func report(_ failure: Interpolation.Failure, in range: Range<Int>) {
    let place = source.find(failure.reference, in: range) ?? range
    var problem = Problem(message: failure.message, hint: failure.hint, kind: .unsetVariable)
    if failure.isCommandFailure {
      problem.connection = connection
      problem.kind = .secretCommand
      // What cannot be told waits: no run fails for it.
      if commandPlace == .alerts { problem.severity = .warning }
    }
    if failure.isUnset {
      problem.connection = connection
      if source.report.toleratesUnset {
        problem = Problem(
          message: failure.message + ": what depends on it is not checked",
          hint: failure.hint,
          severity: .warning,
          connection: connection,
          kind: .unsetVariable
        )
      }
    }
    problems.append((place, problem))
  }

  private func hide(_ written: String, resolved: Interpolation.Result, range: Range<Int>) {
    // What is secret in a url is found when it is taken apart.
    if isInConnections, !isURL, !isPublic || isUnderSecretKey {
      for value in resolved.values { source.report.keepSecret(value) }
      if isUnderSecretKey { source.report.keepSecret(resolved.text) }
    }
    guard isUnderSecretKey else { return }
    // What consists of references shows nothing: the file itself does not hold the secret.
    if !SecretLines.isReference(range, source) { source.mask(range) }
  }

  func text(of node: yaml_node_t) -> String {
    let scalar = node.data.scalar
    let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    let text = String(decoding: bytes, as: UTF8.self)
    return isShielded ? ReferenceShield.lower(text) : text
  }
}
