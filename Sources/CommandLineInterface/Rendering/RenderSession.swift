import Blocking
import Configuration
import Sync
import Liquid
import Messages
import Reports
import Rows
import Settings
import Values

/// Renders one template over data, and says what comes out.
struct RenderSession {
  /// A template and what it is called in messages.
  struct Source {
    let name: String
    let text: String
  }

  let context: CommandContext
  let source: Source
  let mode: TemplateOptions.Mode
  let partials: Partials?

  /// Renders over documents.
  func render(_ documents: RenderDocuments, limit: Int) throws -> ExitCode {
    let preview = try preview(shape: nil, model: "", sync: nil)
    var results: [RenderReport.Result] = []
    try documents.forEach(limit: limit) { document in
      do throws(TemplatePreview.Failure) {
        results.append(show(try preview.render(document: document.object), document.place))
      } catch {
        results.append(say(error, over: document.place))
      }
    }
    return end(results)
  }

  /// Renders over the first `limit` rows of a model.
  func render(model name: String, limit: Int) async throws -> ExitCode {
    let project = try context.load(Configuration.Scope(.model(name), connects: .selected)).project
    let model = try context.model(name, of: project)
    let rows = try project.source(of: model)
    do {
      let shape = try await rows.open(model)
      let sync = project.syncs.first { $0.model.value == name }
      let preview = try preview(shape: shape, model: name, sync: sync)
      let code = try await render(rows, model: name, limit: limit, preview: preview)
      await rows.close()
      return code
    } catch {
      await rows.close()
      throw error
    }
  }

  private func render(
    _ rows: any RowSource,
    model: String,
    limit: Int,
    preview: TemplatePreview
  ) async throws -> ExitCode {
    var results: [RenderReport.Result] = []
    var number = 0
    let page = Page()
    while number < limit, try await rows.read(into: page) {
      for index in 0..<min(page.count, limit - number) {
        number += 1
        let place = "row \(number) of \(model)"
        do throws(TemplatePreview.Failure) {
          results.append(show(try preview.render(page.line(index)), place))
        } catch {
          results.append(say(error, over: place))
        }
      }
    }
    return end(results)
  }

  private func preview(
    shape: Shape?,
    model: String,
    sync: SyncSettings?
  ) throws -> TemplatePreview {
    var settings = sync?.templates ?? TemplateSettings()
    settings.partials = partials?.texts ?? [:]
    do throws(LiquidError) {
      return try TemplatePreview(
        source: source.text,
        // No partial has a slash in its name, so that the template cannot be taken for one.
        name: "/",
        mode: mode,
        settings: settings,
        shape: shape,
        sync: sync?.name ?? "",
        model: model,
        run: RunIdentity(id: "render", startedAt: WallClock.microseconds())
      )
    } catch {
      for other in error.others {
        context.console.report(diagnostic(other, other.message, kind: .wrongTemplate))
      }
      throw ReportedDiagnostic(
        code: .configuration,
        diagnostic: diagnostic(error, error.message, kind: .wrongTemplate)
      )
    }
  }

  private func end(_ results: [RenderReport.Result]) -> ExitCode {
    context.console.result(RenderReport(results))
    return results.contains { $0.error != nil } ? .failed : .done
  }

  private func show(_ text: String, _ place: String) -> RenderReport.Result {
    // A template's file ends with a line break, and so does a result.
    context.console.result(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    if !context.console.writesJSON { return RenderReport.Result(input: place, output: nil) }
    return RenderReport.Result(
      input: place,
      output: mode == .json ? Value(json: text) : .string(text)
    )
  }

  private func say(_ failure: TemplatePreview.Failure, over place: String) -> RenderReport.Result {
    let reason: RunError
    switch failure {
    case .template(let error):
      let diagnostic = diagnostic(
        error,
        "\(error.message) (over \(place))",
        kind: .failedTemplate
      )
      context.console.report(diagnostic)
      reason = RunError(
        .failed,
        error.message,
        kind: .failedTemplate,
        at: diagnostic.location,
        hint: error.hint
      )
    case .output(let text):
      context.console.report(
        error: "\(source.name): \(text) (over \(place))",
        kind: .failedTemplate
      )
      reason = RunError(.failed, text, kind: .failedTemplate)
    }
    return RenderReport.Result(input: place, output: nil, error: reason)
  }

  private func diagnostic(
    _ error: LiquidError,
    _ message: String,
    kind: ErrorKind
  ) -> Diagnostic {
    let file = partials?.paths[error.template] ?? source.name
    return Diagnostic(
      message,
      at: SourceLocation(file: file, line: error.line, column: error.column),
      line: error.sourceLine,
      hint: error.hint,
      kind: kind
    )
  }
}
