extension JSONCheck {
  mutating func walk(_ branches: [Branch]) {
    let before = states
    var after: Set<JSONState> = []
    var isOpen = true
    for branch in branches where isOpen {
      states = before
      walk(branch.body)
      after.formUnion(states)
      isOpen = branch.condition != nil
    }
    states = isOpen ? after.union(before) : after
  }

  /// Every `when` that matches is written, and `else` if none did until there.
  mutating func walk(_ cases: CaseTag) {
    let before = states
    var matched: Set<JSONState> = []
    var hasElse = false
    for when in cases.whens {
      guard let values = when.values else {
        hasElse = true
        states = before
        walk(when.body)
        matched.formUnion(states)
        continue
      }
      states = before.union(matched)
      if values.count > 1 {
        repeatedly { $0.walk(when.body) }
      } else {
        walk(when.body)
      }
      matched.formUnion(states)
    }
    states = hasElse ? matched : matched.union(before)
  }

  mutating func walkLoop(_ body: [Statement], otherwise: [Statement]) {
    let before = states
    var breaks: Set<JSONState> = []
    repeatedly { check in
      check.exits.append(Exits())
      check.walk(body)
      let exits = check.exits.removeLast()
      check.states.formUnion(exits.continues)
      breaks.formUnion(exits.breaks)
    }
    let after = states.union(breaks)
    states = before
    walk(otherwise)
    states.formUnion(after)
  }

  /// Outside of strings a table's tags are never JSON; that is left to rendering.
  mutating func walkTable(_ table: TableRowTag) {
    walkLoop(table.body, otherwise: [])
    let isInside = states.allSatisfy { state in
      if case .string = state.position { return true }
      return false
    }
    if !isInside { states = JSONState.anything }
  }

  mutating func leave(by interrupt: Interrupt) {
    switch interrupt {
    case .break: exits[exits.count - 1].breaks.formUnion(states)
    case .continue: exits[exits.count - 1].continues.formUnion(states)
    }
    states = []
  }

  /// A partial that is included may be walked once for each item of a list.
  mutating func include(_ tag: IncludeTag) {
    guard let name = tag.name, let number = number(of: name) else {
      return states = JSONState.anything
    }
    atMostOnce { check in
      check.repeatedly { $0.walkPart(number) }
    }
  }

  /// An interrupt does not leave a partial that is rendered apart.
  mutating func render(_ tag: RenderTag) {
    guard let number = number(of: tag.template) else { return states = JSONState.anything }
    let whole: (inout JSONCheck) -> Void = { check in
      check.exits.append(Exits())
      check.walkPart(number)
      let exits = check.exits.removeLast()
      check.states.formUnion(exits.breaks.union(exits.continues))
    }
    if tag.isLoop {
      atMostOnce { $0.repeatedly(whole) }
    } else {
      whole(&self)
    }
  }

  private func number(of name: String) -> Int? {
    parts.indices.dropFirst().first { parts[$0].source.name == name }
  }
}
