/// A piece of a template: text, an output or a tag.
struct Statement {
  enum Kind {
    case text(Range<Int>)
    case output(FilteredExpression)
    case assign(String, FilteredExpression)
    case capture(String, [Statement])
    case branches([Branch])
    case cases(CaseTag)
    case loop(ForTag)
    case tableRow(TableRowTag)
    case cycle(CycleTag)
    case increment(String)
    case decrement(String)
    case ifChanged([Statement])
    case interrupt(Interrupt)
    case include(IncludeTag)
    case render(RenderTag)
    /// Nothing is left of comments and documentation.
    case nothing
  }

  var kind: Kind
  /// Where it begins in the source, in bytes.
  var offset: Int
  /// Whether nothing but white space can come out of it, so that a block of such writes nothing.
  var isBlank: Bool
}

enum Interrupt {
  case `break`
  case `continue`
}

struct Branch {
  /// Nil for `else`.
  var condition: Condition?
  var isNegated = false
  var body: [Statement]
}

struct CaseTag {
  struct When {
    /// Nil for `else`.
    var values: [Expression]?
    var body: [Statement]
  }

  var subject: Expression
  var whens: [When] = []
}

struct ForTag {
  var variable: String
  var collection: Expression
  /// What `offset: continue` remembers the loop by.
  var name: String
  var isReversed = false
  var limit: Expression?
  var offset: Expression?
  var continues = false
  var body: [Statement] = []
  var otherwise: [Statement] = []
}

struct TableRowTag {
  var variable: String
  var collection: Expression
  var columns: Expression?
  var limit: Expression?
  var offset: Expression?
  var body: [Statement] = []
}

struct CycleTag {
  var name: Expression?
  /// What an unnamed cycle is remembered by: its literals, or where it stands.
  var key: String
  var values: [Expression]
}

struct IncludeTag {
  var template: Expression
  var variable: Expression?
  var alias: String?
  var arguments: [(name: String, value: Expression)] = []
}

struct RenderTag {
  var template: String
  var variable: Expression?
  var isLoop = false
  var alias: String?
  var arguments: [(name: String, value: Expression)] = []
}
