internal import Rows
internal import Synchronization

/// The shapes that a state remembers, for those who cannot wait for it.
final class ShapeCatalog: Sendable {
  private let shapes: Mutex<[Int: Shape]>

  init(_ shapes: [Int: Shape]) {
    self.shapes = Mutex(shapes)
  }

  /// Every shape, by number.
  var all: [Int: Shape] { shapes.withLock { $0 } }

  subscript(number: Int) -> Shape? {
    get { shapes.withLock { $0[number] } }
    set { shapes.withLock { $0[number] = newValue } }
  }
}
