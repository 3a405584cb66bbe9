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
  /// `shapeOf` gives the shapes of rows of the snapshot, by number. Without `stateID` messages show
  /// ``EventID/placeholder`` for ids.
  public init(
    sync: SyncSettings,
    model: ModelSettings,
    stateID: String?,
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
    compose(
      rows,
      output,
      &writer,
      &eventID,
      &output.messages.bytes,
      &output.messages.messages,
      &output.messages.headers
    )
    // Behind the loop: rows of an older shape may have brought new names.
    output.messages.headerNames = names.names
    output.messages.topics = topics.names
  }

  private func compose(
    _ rows: RowsToSend,
    _ output: ComposedBatch,
    _ writer: inout MessageWriter,
    _ eventID: inout EventID,
    _ bytes: inout ByteBuffer,
    _ messages: inout [MessageBatch.Message],
    _ headers: inout [MessageBatch.Header]
  ) {
    messages.reserveCapacity(rows.items.count)
    output.positions.reserveCapacity(rows.items.count)
    var last: (change: Change, shape: Int, plan: TriggerPlan)?
    for item in rows.items {
      let isRemoval = item.line < 0
      let line = isRemoval ? rows.oldRows.line(Int(item.old)) : rows.rows.line(Int(item.line))
      let shape = isRemoval ? rows.oldShapes[Int(item.old)] : rows.shape
      do throws(Rejection) {
        if last?.change != item.change || last?.shape != shape {
          last = plan(for: item.change, shape).map { (item.change, shape, $0) }
        }
        guard let plan = last?.plan else {
          throw Rejection("the shape of its row is not known any more")
        }
        let message = try writer.write(
          line,
          isRemoval ? nil : old(item, rows),
          item,
          plan,
          rows.isBackfill,
          topics,
          &eventID,
          output,
          &bytes,
          &headers
        )
        guard let message else { continue }
        messages.append(message)
        output.positions.append(item.position)
      } catch {
        output.rejected.append((item.position, error))
      }
    }
  }

  /// The row of the snapshot that a change supersedes, where it came along.
  private func old(
    _ item: RowsToSend.Item,
    _ rows: RowsToSend
  ) -> (line: UnsafeRawBufferPointer, number: Int, shape: Shape)? {
    guard item.old >= 0 else { return nil }
    let number = rows.oldShapes[Int(item.old)]
    return shapeOf(number).map { (rows.oldRows.line(Int(item.old)), number, $0) }
  }

  /// Whether messages of changed rows show what the rows were before.
  public var needsPrevious: Bool { sync.changed.mentionsPrevious }

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
        ValueCompiler(
          shape: shape,
          isLenient: isLenient,
          change: change,
          templates: TemplateEnvironment(sync.templates, run)
        ),
        model: model,
        sync: sync.name,
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
