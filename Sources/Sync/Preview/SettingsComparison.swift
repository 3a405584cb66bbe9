internal import Messages
internal import Rows
internal import State

public import Reports
public import Settings

/// Makes the messages of the same rows under two versions of a project's files, and compares them.
///
/// Neither a source nor a broker is asked. Both sides have the same time, the same run and
/// placeholders for ids. Rows are read page by page.
public struct SettingsComparison: Sendable {
  /// A sync and its model, in one version.
  public struct Version: Sendable {
    let sync: SyncSettings
    let model: ModelSettings

    /// Joins a sync and its model.
    public init(sync: SyncSettings, model: ModelSettings) {
      self.sync = sync
      self.model = model
    }
  }

  private let old: Version
  private let new: Version
  private let revision: String
  private let samplesMax: Int

  /// Prepares to compare `old`, which is called `revision`, with `new`.
  ///
  /// Of each change `samplesMax` messages that differ are kept.
  public init(old: Version, new: Version, revision: String, samplesMax: Int) {
    self.old = old
    self.new = new
    self.revision = revision
    self.samplesMax = samplesMax
  }

  /// Compares by the rows that the state at `location` remembers.
  public func compareSnapshot(at location: StateLocation) async -> ComparisonReport {
    await report { comparing in
      guard location.exists else {
        throw RunError(
          .failed,
          "there is no state, so there are no rows to compare by",
          kind: .missingState,
          hint: "name a file of rows as JSON lines: --rows FILE"
        )
      }
      let state = try await StateFile.open(path: location.path, mode: .report)
      comparing.learn(try await state.shapes())
      let superseded = try await state.supersededRows()
      let (page, oldPage) = (Page(), Page())
      for segment in try await state.liveSegments().reversed() {
        try Task.checkCancellation()
        let shape = try await state.lines(of: segment, into: page)
        _ = try await state.lines(of: segment, into: oldPage)
        let slots = (0..<page.count).filter {
          !superseded.contains(RowReference(segment: segment, slot: UInt32($0)))
        }
        comparing.compare(slots, of: page, as: oldPage, shape: shape)
      }
    }
  }

  /// Compares by `rows`, which a source of this kind would give.
  public func compare(
    _ rows: [[SyncTestCase.Column]],
    from source: SourceSettings
  ) async -> ComparisonReport {
    await report { comparing in
      var numbers: [Shape: Int] = [:]
      for row in rows {
        let line = TestRow(row, model: new.model, dialect: source.dialect)
        let number = numbers[line.shape] ?? numbers.count + 1
        if numbers.updateValue(number, forKey: line.shape) == nil {
          comparing.learn([number: line.shape])
        }
        let (page, oldPage) = (Page(), Page())
        line.line.withUnsafeBytes {
          page.append($0)
          oldPage.append($0)
        }
        comparing.compare([0], of: page, as: oldPage, shape: number)
      }
    }
  }

  private func report(
    _ body: (MessageComparison) async throws -> Void
  ) async -> ComparisonReport {
    var report = ComparisonReport(sync: new.sync.name, revision: revision)
    report.notes = notes
    let comparing = MessageComparison(old: old, new: new, samplesMax: samplesMax)
    do {
      try await body(comparing)
    } catch {
      report.error = SyncRun.runError(error)
    }
    comparing.fill(&report)
    return report
  }

  /// What messages alone do not show.
  private var notes: [String] {
    var notes: [String] = []
    if old.model.sql != new.model.sql || old.model.name != new.model.name {
      notes.append("the query of the model differs: compared are rows that were read before")
    }
    for change in Change.allCases {
      let (before, now) = (old.sync[change].isSelected, new.sync[change].isSelected)
      if before == now { continue }
      let what = now ? "is selected now, and was not" : "is not selected any more"
      notes.append("the trigger `\(change.rawValue)` \(what): its messages are not compared")
    }
    return notes
  }
}

extension SourceSettings {
  /// How a source of this kind writes values.
  var dialect: Shape.Dialect {
    switch self {
    case .postgres: .postgres
    case .sqlite: .sqlite
    }
  }
}
