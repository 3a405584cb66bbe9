import Arguments
import Foundation
import Glibc
import Reports
import Settings
import Sync

extension Argument {
  /// The argument `FILE` of commands about pinned plans.
  static let plan = Argument("FILE", "A pinned plan, or a folder of them", completion: .files)
  /// More of them.
  static let otherPlans = Argument("FILE", "More of them", count: .any, completion: .files)
}

extension CommandContext {
  /// The plans that the arguments name, in their order, each file once; of a folder all its plans by
  /// name.
  ///
  /// With `examining` their files are looked at for damage, and nobody but their owner may be able to
  /// write to them.
  func pinnedPlans(examining: Bool) async throws -> [PinnedPlan] {
    var plans: [PinnedPlan] = []
    var seen: Set<String> = []
    for typed in arguments.arguments {
      for file in try planFiles(typed) {
        if !seen.insert(resolved(file)).inserted { continue }
        let plan = try await PinnedPlan.open(
          absolute(file),
          typed: ShellWord.quoted(file),
          examining: examining
        )
        tellReadable(plan.path, file)
        plans.append(plan)
      }
    }
    return plans
  }

  /// The path of `file` without links; as it is if there is none.
  private func resolved(_ file: String) -> String {
    let path = absolute(file)
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  private func planFiles(_ typed: String) throws(CommandFailure) -> [String] {
    let path = absolute(typed)
    guard PlanTarget.isFolder(path) else { return [typed] }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(PlanTarget.suffix) }.sorted()
    if names.isEmpty {
      throw CommandFailure(
        .usage,
        "\(typed) has no plan in it",
        hint: "'sluice plan SYNC --save FILE' makes one"
      )
    }
    let folder = typed.hasSuffix("/") ? String(typed.dropLast()) : typed
    return names.map { "\(folder)/\($0)" }
  }

  /// Others who can read a plan see values of rows.
  private func tellReadable(_ path: String, _ typed: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o044 != 0 else { return }
    console.log(
      LogEvent(
        .warning,
        name: "plan-readable",
        message: "\(typed) holds values of rows, and others can read it: chmod 600 \(typed)"
      )
    )
  }
}
