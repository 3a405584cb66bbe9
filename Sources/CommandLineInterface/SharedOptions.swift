public import Arguments
import Settings

/// Options that every command has.
extension Option {
  /// The option `-C DIR`.
  public static let project = Option(
    "project",
    letter: "C",
    value: .text("DIR", completion: .folders),
    "The project's folder; without it the nearest one upward with a sluice.yml"
  )
  /// The option `--env NAME`.
  public static let environment = Option(
    "env",
    value: .text("NAME", completion: .output(environmentNames)),
    "The environment: sluice.NAME.yml is laid over sluice.yml; SLUICE_ENV says the same"
  )
  /// Prints the names of the environments of the project in the current folder.
  private static let environmentNames =
    "ls sluice.*.yml 2>/dev/null | sed -e s/^sluice[.]// -e s/[.]yml$//"
  /// The option `--output FORMAT`.
  public static let output = Option(
    "output",
    value: .choice("FORMAT", [Console.Format.text, .json].map(\.rawValue)),
    "What results look like"
  )
  /// The option `--log-format FORMAT`.
  public static let logFormat = Option(
    "log-format",
    value: .choice("FORMAT", Console.LogFormat.allCases.map(\.rawValue)),
    "What log lines look like"
  )
  /// The option `--log-level LEVEL`.
  public static let logLevel = Option(
    "log-level",
    value: .choice("LEVEL", LogLevel.allCases.map(\.rawValue)),
    "The least important events that are logged"
  )
  /// The option `--quiet`.
  public static let quiet = Option("quiet", letter: "q", "Say nothing on success")

  static let shared: [Option] = [.project, .environment, .output, .logFormat, .logLevel, .quiet]
}

/// Options that several commands have.
extension Option {
  /// The option `--tag TAG`.
  public static let tag = Option(
    "tag",
    value: .text("TAG"),
    isRepeatable: true,
    "Take the syncs with this tag"
  )
}

extension Option.Value {
  /// A duration such as `30s` or `5min`, for ``DurationText/parse(_:)``.
  public static let duration = checked("DURATION", "a duration such as 30s or 5min") {
    DurationText.parse($0) != nil
  }
}

/// Arguments that several commands have.
extension Argument {
  /// The argument `[SYNC…]`.
  public static let syncs = Argument(
    "SYNC",
    "Names of syncs; without any all of them",
    count: .any,
    completion: .output(syncNames)
  )
  /// The argument `SYNC`.
  public static let sync = Argument("SYNC", "Name of a sync", completion: .output(syncNames))

  /// The argument `[SYNC…]` after a first one.
  public static let otherSyncs = Argument(
    "SYNC",
    "Names of more syncs",
    count: .any,
    completion: .output(syncNames)
  )

  /// Prints the names of the syncs of the project in the current folder.
  private static let syncNames =
    "ls syncs 2>/dev/null | sed -n -e /[.]test[.]yml$/d -e s/[.]yml$//p"
}
