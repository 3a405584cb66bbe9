internal import Bytes
internal import JSON

public import Rows
public import Settings

/// Makes messages of rows.
///
/// Compiled once a run; composing allocates nothing but the output. Used by one owner at a time.
public final class Composer {
  private let sync: SyncSettings
  private let model: String
  private let primaryKey: [String]
  private let run: RunIdentity
  private let topics: Topics
  private let shapeOf: @Sendable (Int) -> Shape?
  private var names = HeaderNames()
  private var plans: [Int: [Change: TriggerPlan]] = [:]
  private var eventID: EventID
  private var writer = MessageWriter()

  /// Prepares for the messages of `sync`.
  ///
  /// `shapeOf` gives the shapes of rows of the snapshot, by number.
  public init(
    sync: SyncSettings,
    model: ModelSettings,
    stateID: String,
    run: RunIdentity,
    topics: Topics,
    shapeOf: @escaping @Sendable (Int) -> Shape?
  ) {
    self.sync = sync
    self.model = model.name
    primaryKey = model.primaryKey.map(\.value)
    self.run = run
    self.topics = topics
    self.shapeOf = shapeOf
    eventID = EventID(stateID: stateID)
  }

  /// Compiles for `shape`, that of the result, and finds columns that are not there.
  ///
  /// Rows of any other shape are composed as far as their columns go.
  public func use(_ shape: Shape, number: Int) throws(ComposerError) {
    plans[number] = try compile(shape, isLenient: false)
  }

  /// Makes the messages of `rows`, in order, into `output`, which is emptied first.
  ///
  /// A row that cannot be a message is listed there with the reason; the others go on.
  public func compose(_ rows: RowsToSend, into output: ComposedBatch) {
    output.removeAll()
    eventID.begin(token: rows.token)
    writer.begin()
    for item in rows.items {
      let isRemoval = item.line < 0
      let line = isRemoval ? rows.oldRows.line(Int(item.old)) : rows.rows.line(Int(item.line))
      let shape = isRemoval ? rows.oldShapes[Int(item.old)] : rows.shape
      do throws(Rejection) {
        guard let plan = plan(for: item.change, shape) else {
          throw Rejection("the shape of its row is not known any more")
        }
        try writer.write(line, item, plan, rows.isBackfill, topics, &eventID, to: output)
      } catch {
        output.rejected.append((item.position, error))
      }
    }
    // Behind the loop: rows of an older shape may have brought new names.
    output.messages.headerNames = names.names
    output.messages.topics = topics.names
  }

  private func plan(for change: Change, _ shape: Int) -> TriggerPlan? {
    if let known = plans[shape] { return known[change] }
    guard let older = shapeOf(shape), let made = try? compile(older, isLenient: true) else {
      return nil
    }
    plans[shape] = made
    return made[change]
  }

  private func compile(
    _ shape: Shape,
    isLenient: Bool
  ) throws(ComposerError) -> [Change: TriggerPlan] {
    var made: [Change: TriggerPlan] = [:]
    for change in Change.allCases {
      made[change] = try TriggerPlan(
        sync[change],
        ValueCompiler(shape: shape, isLenient: isLenient, change: change),
        model: model,
        run: run,
        primaryKey: primaryKey,
        &names
      )
    }
    return made
  }
}

// One task composes; it is handed over with its run.
extension Composer: @unchecked Sendable {}
