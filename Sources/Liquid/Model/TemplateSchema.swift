/// The variables that a template will find, so that they become numbers when it is compiled.
public struct TemplateSchema: Sendable {
  /// A variable that is given to the template.
  public struct Root: Sendable {
    /// What the variable is.
    public enum Kind: Sendable {
      /// A single value in a slot.
      case slot(Int)
      /// An object whose members are in slots.
      ///
      /// A closed one has no other members: asking for one is an error when the template is
      /// compiled. Of an open one other members are asked by name.
      case object([String: Int], isClosed: Bool)
    }

    /// The variable's name.
    public var name: String

    /// What it is.
    public var kind: Kind

    /// Creates a root.
    public init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  /// The variables; the position is the root's number.
  public var roots: [Root]

  /// Whether there are no other variables, so that an unknown one is an error.
  public var isClosed: Bool

  /// Creates a schema.
  public init(roots: [Root], isClosed: Bool = true) {
    self.roots = roots
    self.isClosed = isClosed
  }

  func position(of name: String) -> Int? {
    roots.firstIndex { $0.name == name }
  }
}

extension TemplateSchema.Root {
  /// The roots of variables that are written as paths of one or two parts, such as `now` or `run.id`.
  ///
  /// Each path is a slot, numbered from `firstSlot` in the order of `paths`; objects are closed.
  public static func list(paths: [String], firstSlot: Int) -> [TemplateSchema.Root] {
    var roots: [TemplateSchema.Root] = []
    for (index, path) in paths.enumerated() {
      let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        roots.append(TemplateSchema.Root(path, .slot(firstSlot + index)))
        continue
      }
      let known = roots.firstIndex { $0.name == parts[0] }
      var members: [String: Int] = [:]
      if let known, case .object(let others, _) = roots[known].kind { members = others }
      members[parts[1]] = firstSlot + index
      let root = TemplateSchema.Root(parts[0], .object(members, isClosed: true))
      if let known { roots[known] = root } else { roots.append(root) }
    }
    return roots
  }
}
