internal import Settings
internal import State
internal import Values

public import Reports

/// A plan that was pinned, without its batches: those are read when they are needed.
public struct PinnedPlan: Sendable {
  /// Path of its file.
  public let path: String
  /// Name of its sync.
  public var sync: String { header.sync }
  /// Identity of the plan.
  public var id: String { header.plan }
  /// Whether it is of a part of the result.
  public var isPartial: Bool { header.isPartial }
  /// The plan as it was shown, with its file.
  public let report: PlanReport

  let header: PinHeader
  let file: PinnedFile

  /// Whether the file at `path` begins as a plan does, whatever else is in it.
  public static func isPlan(_ path: String) -> Bool { PinnedFile.isPlan(path) }

  /// Reads the plan at `path`, which somebody typed as `typed`; with `examining` all of its file is
  /// looked at for damage.
  ///
  /// Throws a ``RunError`` if it is not a sound plan of this or an earlier Sluice.
  public static func open(
    _ path: String,
    typed: String,
    examining: Bool
  ) async throws(RunError) -> PinnedPlan {
    do throws(StateError) {
      let file = try await PinnedFile.open(path, examining: examining)
      guard let header = file.meta["header"].flatMap(PinHeader.init(json:)) else {
        throw file.damage("header")
      }
      if file.batchCount == 0, header.messages > 0 { throw file.damage("batches") }
      guard let stored = file.meta["report"].map(Value.init(json:)),
        var report = PlanReport(stored: stored)
      else { throw file.damage("report") }
      report.pinned = header.report(file: typed)
      return PinnedPlan(path: path, report: report, header: header, file: file)
    } catch {
      throw RunError(error)
    }
  }

  /// What its rows were compared by; nil if the file lacks it.
  var comparison: StateFile.Comparison? {
    file.shapes[header.shape].map {
      StateFile.Comparison(shape: $0, key: header.primaryKey, counted: header.counted)
    }
  }
}
