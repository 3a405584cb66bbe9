internal import Blocking
internal import Glibc
internal import JSON
internal import Reports
internal import Settings
internal import Values

/// Refuses a model where dbt's own tests of it failed: `gate: {dbt_run_results: PATH}`.
///
/// Reads what dbt writes after `dbt test` and `dbt build`: `run_results.json`, schema versions 4 to 6
/// (`results`: `unique_id`, `status`, `failures`), and beside it `manifest.json`, which says of
/// which model a test is (`nodes`: `attached_node`, `depends_on`). Without a manifest a test is of the model whose
/// name is in the test's name.
struct DbtGate {
  let gate: ModelGate
  /// What dbt calls the model.
  let model: String

  /// Most bytes of one file.
  private static let bytesMax = 1 << 30

  /// One result that is not good.
  private struct Failure {
    var id: String
    var status: String
    var failures: Int?

    /// `not_null_customers_email`, out of `test.shop.not_null_customers_email.1a2b3c`.
    var name: String {
      let parts = id.split(separator: ".")
      return parts.count > 2 ? String(parts[2]) : id
    }

    var isTest: Bool { id.hasPrefix("test.") || id.hasPrefix("unit_test.") }

    var text: String {
      let rows = failures.map { $0 > 0 ? " (\($0) rows)" : "" } ?? ""
      return "\(isTest ? "test \(name)" : "model \(name)"): \(status)\(rows)"
    }
  }

  /// Throws if a test of the model failed, the model could not be built, or nothing can be read.
  func check() async throws {
    let results = try await read(gate.dbtRunResults)
    guard case .object(let document) = results, case .array(let items)? = document["results"] else {
      throw unreadable("it has no list `results`")
    }
    let bad = items.compactMap(failure)
    if bad.isEmpty { return }
    let nodes = await manifestNodes()
    let failures = bad.filter { concernsModel($0, nodes) }
    if failures.isEmpty { return }
    throw RunError(
      .stoppedByGuard,
      "dbt says of \(model): \(failures.map(\.text).joined(separator: ", ")) (\(gate.shown)"
        + "\(made(document))); nothing was sent",
      kind: .dbtGate,
      at: gate.location,
      hint: "correct the data and run `dbt build` or `dbt test` again"
    )
  }

  /// When dbt wrote the results.
  private func made(_ document: Object) -> String {
    document.object("metadata")?.text("generated_at").map { " of \($0)" } ?? ""
  }

  private func failure(_ item: Value) -> Failure? {
    guard case .object(let result) = item, let id = result.text("unique_id"),
      let status = result.text("status"),
      ["fail", "error", "runtime error"].contains(status)
    else { return nil }
    var failure = Failure(id: id, status: status)
    failure.failures = result.number("failures")
    return failure
  }

  // MARK: - Of which model

  private func concernsModel(_ failure: Failure, _ nodes: Object?) -> Bool {
    if !failure.isTest { return isModel(failure.id) }
    guard case .object(let node)? = nodes?[failure.id] else {
      return names(failure.name, model)
    }
    if let attached = node.text("attached_node") { return isModel(attached) }
    guard case .object(let dependencies)? = node["depends_on"],
      case .array(let ids)? = dependencies["nodes"]
    else { return names(failure.name, model) }
    return ids.contains { if case .string(let id) = $0 { isModel(id) } else { false } }
  }

  /// Whether `id`, as in `model.shop.customers` or `model.shop.customers.v2`, is the model.
  private func isModel(_ id: String) -> Bool {
    let parts = id.split(separator: ".")
    guard let kind = parts.first else { return false }
    // A source has its table last.
    let name = kind == "source" ? parts.last : parts.dropFirst(2).first
    return name.map(String.init) == model
  }

  /// Whether the name of a test has `model` in it, between underscores.
  private func names(_ test: String, _ model: String) -> Bool {
    "_\(test)_".contains("_\(model)_")
  }

  // MARK: - Files

  private func manifestNodes() async -> Object? {
    let folder = gate.dbtRunResults.lastIndex(of: "/").map { gate.dbtRunResults[..<$0] } ?? "."
    guard case .object(let manifest)? = try? await read("\(folder)/manifest.json"),
      case .object(let nodes)? = manifest["nodes"]
    else { return nil }
    return nodes
  }

  private func read(_ path: String) async throws -> Value {
    let text = try await onThread { () throws -> String in
      guard let bytes = SmallFile.read(path, upTo: Self.bytesMax) else {
        throw unreadable(String(cString: strerror(errno)))
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    guard let value = try? JSONParser().parse(text) else { throw unreadable("it is not JSON") }
    return value
  }

  private func unreadable(_ reason: String) -> RunError {
    RunError(
      .failed,
      "the gate of model \(model) cannot be read: \(gate.shown): \(reason); nothing was sent",
      kind: .unreadableGate,
      at: gate.location,
      hint: "dbt writes run_results.json into its folder target/ when it runs"
    )
  }
}
