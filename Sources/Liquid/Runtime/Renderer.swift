public import Text
public import Values

/// Renders one template again and again, keeping its working memory in between.
public struct Renderer: ~Copyable, Sendable {
  /// What is rendered.
  public let template: Template

  private var state: RenderState

  /// Creates a renderer of `template`.
  public init(_ template: Template, clock: TemplateClock = .system) {
    self.template = template
    state = RenderState(library: template.library, clock: clock)
  }

  /// The value of a template that is nothing but one output, with its type.
  ///
  /// Null if `template.lone` is nil, and for what is not a value, such as `forloop`.
  /// Throws what a filter or a limit refuses, with its place in the template.
  public mutating func value<Data: TemplateData>(data: Data) throws(LiquidError) -> Value {
    guard template.lone != nil, let step = template.program.tables.instructions.first else {
      return .null
    }
    state.begin(outputStart: 0)
    switch step {
    case .slot(let slot): return data.value(slot: Int(slot))
    case .output(let node, _):
      do throws(Fault) {
        return try state.evaluate(node, program: template.program, data: data)
          .materialized(max: template.library.options.limits.iterations)
      } catch {
        throw LiquidError(
          error,
          offset: 0,
          template: template.name,
          source: template.program.source.bytes
        )
      }
    default: return .null
    }
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
      _ = try state.run(template.program, data: data, output: &output)
    } catch {
      output.truncate(to: start)
      throw error
    }
  }
}
