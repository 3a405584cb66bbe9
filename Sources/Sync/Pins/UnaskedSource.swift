internal import Rows

internal import Reports
internal import Settings

/// The source of a run that applies a pinned plan: nobody asks it.
struct UnaskedSource: RowSource {
  let name = "the source of a pinned plan"

  private var refusal: RunError {
    RunError(.failed, "a pinned plan is applied without its source", kind: .stalePlan)
  }

  func origin() async throws -> SourceOrigin { throw refusal }

  func open(_ model: ModelSettings) async throws -> Shape { throw refusal }

  func read(into page: Page) async throws -> Bool { throw refusal }

  func query(_ select: String, into page: Page) async throws { throw refusal }

  func close() async {}

  func cancel() {}
}
