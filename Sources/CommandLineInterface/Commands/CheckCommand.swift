import Arguments
import Configuration
import Settings
import Values

/// The command `sluice check`.
enum CheckCommand: SluiceCommand {
  static let command = Command(
    "check",
    "Check every file of the project",
    discussion: """
      Reads sluice.yml, .env, all models and all syncs, and says what is wrong with them, each \
      with its place in the file. Nothing is connected to.
      """,
    examples: [
      Example("sluice check", "says what is wrong, and ends with 78 if anything is"),
      Example("sluice check --output json", "the same for an editor or a build"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let result = try context.loadProject()
    let console = context.console
    if console.writesJSON {
      console.result(json: json(result))
    } else {
      for diagnostic in result.diagnostics { console.report(diagnostic) }
      if let settings = result.settings {
        console.summary(
          [
            counted(settings.syncs.count, "sync"), counted(settings.models.count, "model"),
            counted(settings.sources.count, "source"),
            counted(settings.destinations.count, "destination"),
          ].joined(separator: ", ") + ": no errors"
        )
      }
    }
    return result.settings == nil ? .configuration : .done
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func json(_ result: Configuration.Result) -> Value {
    .object(
      Object([
        ("ok", .bool(result.settings != nil)),
        ("syncs", .array((result.settings?.syncs ?? []).map { .string($0.name) })),
        ("diagnostics", .array(result.diagnostics.map(\.json))),
      ])
    )
  }
}

extension Diagnostic {
  /// As `check --output json` shows it.
  fileprivate var json: Value {
    .object(
      Object(
        [("severity", .string(severity.rawValue)), ("message", .string(message))]
          + fields.map { ($0.name, $0.value) }
          + [
            (
              "related",
              .array(
                related.map { place in
                  .object(
                    Object([
                      ("file", .string(place.location.file)),
                      ("line", .integer(place.location.line)),
                      ("column", .integer(place.location.column)),
                      ("message", .string(place.message)),
                    ])
                  )
                }
              )
            )
          ]
      )
    )
  }
}
