public import Bytes

/// Renders one template again and again, keeping its working memory in between.
public struct Renderer: ~Copyable {
  /// What is rendered.
  public let template: Template

  private var state: RenderState

  /// Creates a renderer of `template`.
  public init(_ template: Template, clock: TemplateClock = .system) {
    self.template = template
    state = RenderState(library: template.library, clock: clock)
  }

  /// Errors that were written into the output by the last rendering.
  public var inlineErrors: Int { state.inlineErrors }

  /// Appends the template rendered over `data` to `output`.
  ///
  /// When it throws, `output` is as it was. Nothing is allocated where only slots are written.
  public mutating func render<Data: TemplateData>(
    into output: inout ByteBuffer,
    data: Data
  ) throws(LiquidError) {
    let start = output.count
    state.begin(outputStart: start)
    do throws(LiquidError) {
      _ = try state.run(template.program, data, &output)
    } catch {
      output.truncate(to: start)
      throw error
    }
  }
}
