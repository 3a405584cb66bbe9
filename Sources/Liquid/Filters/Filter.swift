/// One filter: its name in templates, what it takes, and what it does.
///
/// A filter is one value in the table of its family (``text``, ``arrays``, …), and nowhere else: a
/// template looks it up by name when it is compiled and keeps it, so that rendering calls it without
/// another dispatch. A class, so that passing it costs one reference.
final class Filter: Sendable {
  /// Who has it.
  enum Origin: Sendable {
    /// Shopify's Liquid, too.
    case shopify
    /// Sluice alone.
    case own
  }

  /// What it does with its input and its arguments, whose number fits ``arity``.
  typealias Apply =
    @Sendable (
      inout RenderState,
      Operand,
      Arguments
    ) throws(Fault) -> Operand

  let name: String
  /// How many arguments it takes besides its input; keywords together count as one.
  let arity: ClosedRange<Int>
  let origin: Origin
  /// What it makes of a fragment.
  let effect: FragmentEffect
  /// What it does if it changes the case of letters and nothing else.
  let caseChange: CaseChange?
  let apply: Apply

  private init(
    _ name: String,
    arity: ClosedRange<Int>,
    origin: Origin,
    effect: FragmentEffect,
    caseChange: CaseChange?,
    apply: @escaping Apply
  ) {
    self.name = name
    self.arity = arity
    self.origin = origin
    self.effect = effect
    self.caseChange = caseChange
    self.apply = apply
  }

  /// A filter of Shopify's that makes plain text of fragments.
  convenience init(_ name: String, arity: ClosedRange<Int>, apply: @escaping Apply) {
    self.init(
      name,
      arity: arity,
      origin: .shopify,
      effect: .flattens,
      caseChange: nil,
      apply: apply
    )
  }

  /// The filter that does nothing to JSON that it is given, so that it is written as it is.
  static let rawName = "raw"

  /// Every filter, family by family.
  static let all: [Filter] =
    arithmetic + text + encodings + arrays + general + data

  /// The filter called `name`.
  static func named(_ name: String) -> Filter? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  /// This filter with another effect on fragments.
  func with(_ effect: FragmentEffect) -> Filter { copy(effect: effect) }

  /// This filter as one that changes the case of letters and nothing else.
  func changing(_ change: CaseChange) -> Filter { copy(caseChange: change) }

  /// This filter as one that Shopify's Liquid does not have.
  var asOwn: Filter { copy(origin: .own) }

  private func copy(
    origin: Origin? = nil,
    effect: FragmentEffect? = nil,
    caseChange: CaseChange? = nil
  ) -> Filter {
    Filter(
      name,
      arity: arity,
      origin: origin ?? self.origin,
      effect: effect ?? self.effect,
      caseChange: caseChange ?? self.caseChange,
      apply: apply
    )
  }

  /// Why it does not take `given` arguments, in Ruby's words, which count the input, too.
  func arityMessage(given: Int) -> String {
    let expected =
      arity.upperBound == Int.max
      ? "\(arity.lowerBound + 1)+"
      : arity.count == 1
        ? "\(arity.lowerBound + 1)" : "\(arity.lowerBound + 1)..\(arity.upperBound + 1)"
    return "wrong number of arguments (given \(given + 1), expected \(expected))"
  }
}

extension Filter {
  /// What a filter makes of a fragment.
  enum FragmentEffect: Sendable {
    /// Still a fragment.
    case keeps
    /// A fragment with fragments and separators.
    case joins
    /// A fragment without some separators.
    case removes
    /// One of the two.
    case chooses
    /// Asks something of its text.
    case reads
    /// Plain text.
    case flattens
  }
}
