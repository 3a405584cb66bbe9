import Reports

extension PinReport {
  /// Which plan it is, in one line.
  var sentence: String {
    let made = TimeText.local(Int64(madeAt / 1000))
    let held = heldUntil.map { ", keeps runs out until \(TimeText.local(Int64($0 / 1000)))" } ?? ""
    return "pinned: \(plan), \(messages.messages), made \(made)\(held); `sluice apply \(file)`"
  }
}
