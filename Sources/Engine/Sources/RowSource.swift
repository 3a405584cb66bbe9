public import Rows
public import Settings

/// What the engine needs of a source: the result of one query, page by page.
public protocol RowSource: Sendable {
  /// What the source is, without credentials; remembered by the state.
  var identity: String { get }

  /// Connects, begins a snapshot and describes the result of `model`.
  func open(_ model: ModelSettings) async throws -> Shape

  /// Fills `page`; false, with an empty page, behind the last row of a complete result.
  func read(into page: Page) async throws -> Bool

  /// Ends the query and the connection.
  func close() async

  /// Stops a running query; from any thread.
  func cancel()
}
