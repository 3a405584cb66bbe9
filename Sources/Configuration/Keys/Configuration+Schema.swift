public import Values

extension Configuration {
  /// The files that a JSON Schema can be had of.
  public enum SchemaKind: String, Sendable, CaseIterable {
    /// `sluice.yml`.
    case config
    /// `syncs/NAME.yml`.
    case sync
    /// `syncs/NAME.test.yml`.
    case test
    /// The front matter of `models/NAME.sql`.
    case model
    /// `sluice.NAME.yml`: nothing is required, and null removes a key.
    case environment
  }

  /// The JSON Schema of a kind of file, draft 07.
  ///
  /// It knows the keys and what may stand under each; what depends on other keys or other files
  /// only ``load(directory:environment:environmentName:kafkaSettings:commands:withTests:scope:)`` knows.
  public static func schema(_ kind: SchemaKind) -> Value {
    let writer = SchemaWriter(isOverlay: kind == .environment)
    switch kind {
    case .config: return writer.document("sluice.yml", writer.schema(.project))
    case .sync: return writer.document("A sync of Sluice", writer.schema(.sync))
    case .test:
      let cases = writer.schema(.list(.table(.testCase), countMin: 0))
      return writer.document("Unit tests of a sync of Sluice", cases)
    case .model: return writer.document("Front matter of a model of Sluice", writer.schema(.model))
    case .environment:
      return writer.document("An environment of Sluice", writer.schema(.environment))
    }
  }
}
