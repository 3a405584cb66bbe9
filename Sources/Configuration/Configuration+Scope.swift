extension Configuration {
  /// What a command works on: only those files have to be sound.
  public struct Scope: Sendable {
    /// Which files are needed besides `sluice.yml` and `.env`.
    public enum Selection: Sendable {
      /// Every file of the project.
      case everything
      /// Those of the syncs with these names or tags; without any, of all syncs.
      case syncs(names: [String], tags: [String])
      /// One model.
      case model(String)
    }

    /// Which files are needed.
    public var selection: Selection
    /// Whether nothing is connected to: a variable that is not set is then a warning.
    public var isOffline: Bool
    /// Whether a project that asks for an environment may be read without one.
    public var needsNoEnvironment: Bool
    /// Which connections are connected to, so that the commands for their secrets run.
    public var connects: Connections
    /// Whether somebody may be told of something, so that the commands for secrets of alerts run.
    public var notifies: Bool

    /// Connections that a command connects to.
    public enum Connections: Sendable {
      /// None.
      case none
      /// Those of the selected syncs, or of the model.
      case selected
      /// Every one.
      case all
    }

    /// Every file, with every variable set.
    public static let everything = Scope(.everything)

    /// Needs `selection`.
    public init(
      _ selection: Selection,
      isOffline: Bool = false,
      needsNoEnvironment: Bool = false,
      connects: Connections = .none,
      notifies: Bool = false
    ) {
      self.notifies = notifies
      self.connects = connects
      self.selection = selection
      self.isOffline = isOffline
      self.needsNoEnvironment = needsNoEnvironment || isOffline
    }
  }
}
