public import Sync
public import Settings

extension SourceSettings {
  /// The source that these settings describe.
  public func source(_ name: String) -> any RowSource {
    switch self {
    case .postgres(let parameters, let session, let identity):
      PostgresSource(name: name, parameters: parameters, session: session, identity: identity)
    case .sqlite(let path, let isImmutable, let shown, let identity):
      SQLiteSource(
        name: name,
        path: path,
        isImmutable: isImmutable,
        shown: shown,
        identity: identity
      )
    }
  }
}
