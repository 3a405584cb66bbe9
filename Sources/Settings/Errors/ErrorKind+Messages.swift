extension ErrorKind {
  /// Settings name columns that the query does not return.
  public static let unfitColumns = ErrorKind(
    "SL0601",
    "settings do not fit the columns of the query",
    meaning: "A key, message, header or setting names a column that the query does not return.",
    cause: "A column was renamed in the model, or two columns have one name.",
    advice: "The hint has the columns; `sluice inspect SYNC` shows a row with its values."
  )

  /// Text cannot be rendered.
  public static let failedTemplate = ErrorKind(
    "SL0602",
    "a template failed for a row",
    meaning: "A template was compiled and then failed on the values of a row.",
    cause: "A filter met a value that it cannot take, a limit is over, or the output is not JSON.",
    advice:
      "`sluice inspect SYNC --key KEY` shows the row all the way; `default` gives a value for nil."
  )

  static let messageKinds = [unfitColumns, failedTemplate]
}
