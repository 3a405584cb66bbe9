/// Keeps a draft, which cannot be copied, in an array.
final class DraftBox {
  var draft = ChangeBatch.Draft()

  func take() -> ChangeBatch.Draft {
    var taken = ChangeBatch.Draft(capacity: 0)
    swap(&taken, &draft)
    return taken
  }
}
