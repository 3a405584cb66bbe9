internal import Text
internal import JSON

public import Rows
public import Settings

/// Makes messages of rows.
///
/// Compiled once a run; composing allocates nothing but the output. Used by one owner at a time.
public final class Composer {
  private let sync: SyncSettings
  private let model: String
  private let primaryKey: [Located<String>]
  private let run: RunIdentity
  private let topics: Topics
  private let shapeOf: @Sendable (Int) -> Shape?
  private var names = HeaderNames()
  private var plans: [Int: [Change: TriggerPlan]] = [:]
  /// For the places that rows leave, by the shape of their old values and their change.
  private var moves: [Int: [Change: TriggerPlan]] = [:]
  private var writer: MessageWriter
  private var contentType = "application/json"
  /// What makes bodies of all columns, by the number of the shape; none for JSON.
  private var encoders: [Int: any RowEncoder] = [:]

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
    primaryKey = model.primaryKey
    self.run = run
    self.topics = topics
    self.shapeOf = shapeOf
    writer = MessageWriter(
      topics: topics,
      onMove: sync.onMove,
      eventID: EventID(stateID: stateID)
    )
  }

  /// Compiles for `shape`, that of the result, and finds columns that are not there.
  ///
  /// Rows of any other shape are composed as far as their columns go.
  /// Throws a ``ComposerError`` that holds all that does not fit.
  public func use(_ shape: Shape, number: Int) throws(ComposerError) {
    plans[number] = try compile(shape, number: number, isLenient: false)
  }

  /// Has `encoder` make the bodies of rows of `shapes` that hold all columns; to be called before
  /// ``use(_:number:)``.
  ///
  /// Throws a ``ComposerError`` if the format cannot hold such rows.
  public func prepare(
    _ encoder: any BodyEncoder,
    for shapes: [Int: Shape]
  ) async throws(ComposerError) {
    contentType = encoder.contentType
    for (number, shape) in shapes { encoders[number] = try await encoder.prepare(shape) }
  }

  /// Makes the messages of `rows`, in order, into `envelope`, which is emptied first.
  ///
  /// Returns what it made of each row. One that cannot be a message is listed there with the reason.
  public func compose(_ rows: RowsToSend, into envelope: Envelope) -> Composition {
    var output = Composition()
    var contents = envelope.takeContents()
    contents.removeAll()
    writer.begin(token: rows.token)
    var lines = RowLines()
    lines.exchange(with: rows)
    compose(rows, lines: lines, writer: &writer, contents: &contents, output: &output)
    lines.exchange(with: rows)
    finish(&output, &contents)
    envelope.put(contents)
    // After the loop: rows of an older shape may have brought new names.
    envelope.headerNames = names.names
    envelope.topics = topics.names
    return output
  }

  /// Puts the null values after the rows' own messages, and finds the places if they are wanted.
  private func finish(_ output: inout Composition, _ contents: inout Envelope.Contents) {
    output.ownCount = contents.messages.count
    output.byteCount = contents.bytes.count
    for (message, position) in output.nullValues {
      contents.messages.append(message)
      output.positions.append(position)
    }
    output.nullValues = []
    guard remembersPlaces else { return }
    for message in contents.messages {
      let place = writer.placeHasher.place(of: message, topics, contents.bytes)
      output.placements.append(
        place.map { Composition.Placement(place: $0, isNullValue: message.value == nil) }
      )
    }
  }

  private func compose(
    _ rows: RowsToSend,
    lines: borrowing RowLines,
    writer: inout MessageWriter,
    contents: inout Envelope.Contents,
    output: inout Composition
  ) {
    contents.messages.reserveCapacity(rows.items.count)
    output.positions.reserveCapacity(rows.items.count)
    var last: (change: Change, shape: Int, plan: TriggerPlan)?
    for item in rows.items {
      let isRemoval = item.line == nil
      let (line, shape) = lines.line(of: item, in: rows)
      let mark = contents.end
      do throws(Rejection) {
        if last?.change != item.change || last?.shape != shape {
          last = plan(for: item.change, shape).map { (item.change, shape, $0) }
        }
        guard let plan = last?.plan else {
          throw Rejection("the shape of its row is not known any more")
        }
        let old = isRemoval ? nil : superseded(lines.oldLine(of: item, in: rows))
        let message = try writer.write(
          line,
          old: rows.isBackfill ? nil : old,
          item: item,
          plan: plan,
          isBackfill: rows.isBackfill,
          contents: &contents,
          output: &output
        )
        guard let message else { continue }
        if !plan.placeColumns.isEmpty, let old {
          let nullValue = try writer.writeMove(
            of: message,
            plan: plan,
            from: old,
            move: move(from: old, item.change),
            item: item,
            contents: &contents,
            output: &output
          )
          if let nullValue { output.nullValues.append((nullValue, item.position)) }
        }
        contents.messages.append(message)
        output.positions.append(item.position)
      } catch {
        contents.truncate(to: mark)
        output.rejected.append((item.position, error))
      }
    }
  }

  /// The row of the snapshot that a change supersedes, where it came along.
  private func superseded(
    _ old: (bytes: UnsafeRawBufferPointer, shape: Int)?
  ) -> SupersededRow? {
    guard let old else { return nil }
    return shapeOf(old.shape).map { shape in
      SupersededRow(line: old.bytes, number: old.shape, shape: shape)
    }
  }

  /// Whether ``Composition/placements`` is filled, so that no row that moves hides another row.
  ///
  /// For runs in which rows may move.
  public var remembersPlaces = false

  /// Whether rows have to come with what they were before: it is shown, or they may move.
  public var needsPrevious: Bool {
    if sync.changed.mentionsPrevious { return true }
    return mayMove
  }

  /// Whether rows may leave a place.
  public var mayMove: Bool {
    if plans.isEmpty {
      let fixed = sync.onMove == .tombstone ? [] : primaryKey.map(\.value)
      return [sync.added, sync.changed].contains { $0.mayMove(besides: fixed) }
    }
    return plans.values.contains { plan in
      [Change.added, .changed].contains { plan[$0]?.placeColumns.isEmpty == false }
    }
  }

  private func plan(for change: Change, _ shape: Int) -> TriggerPlan? {
    if let known = plans[shape] { return known[change] }
    guard let older = shapeOf(shape), let made = try? compile(older, number: shape, isLenient: true)
    else {
      return nil
    }
    plans[shape] = made
    return made[change]
  }

  /// How the place that a row leaves is found out; nil if its settings do not compile.
  private func move(
    from old: SupersededRow,
    _ change: Change
  ) -> TriggerPlan? {
    if let known = moves[old.number]?[change] { return known }
    var settings = sync[change]
    settings.body = .tombstone
    let made = try? trigger(
      settings,
      change: change,
      shape: old.shape,
      isLenient: true,
      isMove: true
    )
    moves[old.number, default: [:]][change] = made
    return made
  }

  private func compile(
    _ shape: Shape,
    number: Int,
    isLenient: Bool
  ) throws(ComposerError) -> [Change: TriggerPlan] {
    var made: [Change: TriggerPlan] = [:]
    var errors: [ComposerError] = []
    for change in Change.allCases {
      do throws(ComposerError) {
        made[change] = try trigger(
          sync[change],
          change: change,
          shape: shape,
          encoder: encoders[number],
          isLenient: isLenient
        )
      } catch {
        errors.append(error)
      }
    }
    if let error = ComposerError(all: errors) { throw error }
    return made
  }

  private func trigger(
    _ settings: MessageSettings,
    change: Change,
    shape: Shape,
    encoder: (any RowEncoder)? = nil,
    isLenient: Bool,
    isMove: Bool = false
  ) throws(ComposerError) -> TriggerPlan {
    try TriggerPlan(
      settings,
      compiler: ValueCompiler(
        shape: shape,
        isLenient: isLenient,
        change: change,
        primaryKey: primaryKey,
        templates: TemplateEnvironment(sync.templates, run),
        encoder: encoder,
        contentType: contentType
      ),
      model: model,
      sync: sync.name,
      run: run,
      primaryKey: primaryKey.map(\.value),
      isMove: isMove,
      keyMayMove: sync.onMove == .tombstone,
      names: &names
    )
  }
}

// One task composes; it is handed over with its run.
extension Composer: @unchecked Sendable {}
