import Synchronization

/// The numbers of the variables that one template and its partials set.
final class Symbols: Sendable {
  static let forLoop = 0
  static let tableRowLoop = 1

  private struct State {
    var numbers: [String: Int]
    var names: [String]
  }

  private let state: Mutex<State>

  init() {
    let names = ["forloop", "tablerowloop"]
    state = Mutex(State(numbers: [names[0]: 0, names[1]: 1], names: names))
  }

  /// The number of `name`, given at the first asking.
  func number(of name: String) -> Int {
    state.withLock { state in
      if let number = state.numbers[name] { return number }
      state.numbers[name] = state.names.count
      state.names.append(name)
      return state.names.count - 1
    }
  }

  /// The number of `name`, nil if nobody asked for it before.
  func existing(_ name: String) -> Int? { state.withLock { $0.numbers[name] } }

  /// The names by number.
  var names: [String] { state.withLock { $0.names } }
}
