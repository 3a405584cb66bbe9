/// How templates are read and rendered.
public struct TemplateOptions: Sendable {
  /// What the output is.
  public enum Mode: Sendable {
    /// Text, as Shopify renders it.
    case text
    /// JSON: values are escaped in strings and written as JSON outside of them.
    case json
  }

  /// How strictly the grammar is followed.
  public enum Syntax: Sendable {
    /// Everything that Liquid's strictest mode refuses is an error.
    case strict
    /// What cannot be understood is skipped, as Liquid always did.
    case lax
  }

  /// What becomes of an error while rendering.
  public enum Errors: Sendable {
    /// Rendering stops and throws.
    case raised
    /// The message is written into the output, and rendering continues, as Liquid always did.
    case inline
  }

  /// What the output is.
  public var mode: Mode

  /// How strictly the grammar is followed.
  public var syntax: Syntax

  /// What becomes of an error while rendering.
  public var errors: Errors

  /// Whether an unknown filter is an error, or passes its input on.
  public var refusesUnknownFilters: Bool

  /// Whether the filters are known that Shopify's Liquid does not have, such as `json`.
  public var hasOwnFilters: Bool

  /// The limits of rendering.
  public var limits: RenderLimits

  /// The strict options for `mode`, with errors raised: what users get.
  public init(mode: Mode = .text) {
    self.mode = mode
    syntax = .strict
    errors = .raised
    refusesUnknownFilters = true
    hasOwnFilters = true
    limits = RenderLimits()
  }

  /// Shopify's own behaviour: lax, unknown filters pass, errors are written into the output.
  public static var shopify: TemplateOptions {
    var options = TemplateOptions()
    options.syntax = .lax
    options.errors = .inline
    options.refusesUnknownFilters = false
    options.hasOwnFilters = false
    return options
  }
}

/// What one rendering may use at most.
public struct RenderLimits: Sendable {
  /// Bytes of output, also of each value that is made on the way.
  public var outputBytes = 1 << 20

  /// Rounds of all loops together.
  public var iterations = 1_000_000

  /// How long, by the renderer's clock; nil for any time.
  public var time: Duration? = .seconds(1)

  /// How deep partials may nest.
  public var partialDepth = 100

  /// Decimal digits of a number that is calculated.
  public var digits = 4_000

  /// The defaults: 1 MiB, a million rounds, one second, partials 100 deep.
  public init() {}
}
