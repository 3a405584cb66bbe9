import Arguments
import Reports
import Settings
import Spelling

/// The command `sluice explain`.
enum ExplainCommand: SluiceCommand {
  typealias Report = ExplainReport

  private static let codes = ErrorKind.all.map(\.code)
  private static let format = Option(
    "output",
    value: .choice("FORMAT", Console.Format.allCases.map(\.rawValue)),
    "What results look like; markdown is a page of documentation"
  )

  static let command = Command(
    "explain",
    "Say what the code of an error means",
    discussion: """
      Every error ends with its code, as in [SL0301], and JSON has it as the member code. Without \
      CODE all codes are listed.
      """,
    arguments: [
      Argument("CODE", "The code, as in SL0301", count: .optional, completion: .words(codes))
    ],
    options: [format],
    examples: [
      Example("sluice explain SL0301", "what it means, why it happens, what to do"),
      Example("sluice explain", "every code"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    guard let typed = context.arguments.arguments.first else {
      list(context.console)
      return .done
    }
    let width = CommandLineInterface.helpWidth(context.console)
    for area in ErrorKind.areas {
      guard let kind = area.kinds.first(where: { $0 == ErrorKind(code: typed) }) else { continue }
      context.console.result(kind.lines(width: width))
      context.console.result(ExplainReport([ErrorKind.Area(name: area.name, kinds: [kind])]))
      return .done
    }
    let nearest = Spelling.nearest(to: typed.uppercased(), among: codes)
    throw CommandFailure(
      .usage,
      "unknown code '\(typed.printable)'" + Spelling.question(nearest),
      kind: .unknownName,
      hint: "'sluice explain' lists the codes"
    )
  }

  private static func list(_ console: Console) {
    var table = Table([Table.Column("CODE"), Table.Column("ERROR", isFlexible: true)])
    for kind in ErrorKind.all { table.append([kind.code, kind.title]) }
    console.result(table)
    console.result(ExplainReport(ErrorKind.areas))
  }
}
