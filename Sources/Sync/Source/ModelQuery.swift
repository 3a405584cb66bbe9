internal import Text

public import Rows
public import Settings

/// Queries about the result of a model.
public enum ModelQuery {
  /// What the result of the model is called in them.
  ///
  /// Nobody's table: SQLite takes a name inside of its own definition for itself.
  public static let name = "sluice_model"

  /// `select` about the result of `model`, as one query.
  public static func text(
    _ select: String,
    of model: ModelSettings,
    dialect: Shape.Dialect
  ) -> String {
    let sql = QueryText.withoutFinalSemicolon(
      model.sql,
      dialect: dialect == .sqlite ? .sqlite : .postgres
    )
    // On a line of its own: the model may end with a comment.
    return "WITH \(name) AS (\(sql)\n) \(select)"
  }
}
