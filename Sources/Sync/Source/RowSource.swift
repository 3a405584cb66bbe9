public import Rows
public import Settings

/// What Sync needs of a source: the result of one query, page by page.
public protocol RowSource: Sendable {
  /// Kind and name of the source, for messages.
  var name: String { get }

  /// Connects and asks which database this is; before ``open(_:)``, outside of its snapshot.
  func origin() async throws -> SourceOrigin

  /// Connects where ``origin()`` has not, begins a snapshot and describes the result of `model`.
  func open(_ model: ModelSettings) async throws -> Shape

  /// Fills `page`; returns false, with an empty page, after the last row of a complete result.
  func read(into page: Page) async throws -> Bool

  /// Makes `page` the result of `select`, in which ``ModelQuery/name`` is the result of the open
  /// model, in the same snapshot.
  ///
  /// Before the first row is read. The result is few and short rows. Throws a ``RunError`` without a
  /// place: `select` is not in a file of the user.
  func query(_ select: String, into page: Page) async throws

  /// Ends the query and the connection.
  func close() async

  /// Stops a running query or an attempt to connect; from any thread.
  func cancel()
}
