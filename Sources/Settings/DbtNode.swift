/// A model, seed or snapshot of dbt that a model is read from.
public struct DbtNode: Sendable, Hashable {
  /// The package that it is of.
  public var package: String
  /// Its name.
  public var name: String
  /// Its version; nil for none.
  public var version: String?

  /// Names a node.
  public init(package: String, name: String, version: String? = nil) {
    self.package = package
    self.name = name
    self.version = version
  }
}
