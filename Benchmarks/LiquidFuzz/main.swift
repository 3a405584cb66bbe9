import Text
import Glibc
import JSON
import Liquid
import Values

/// Renders random and mutated templates over random and hostile data.
///
///     LiquidFuzz [RENDERS [SEED]]
///
/// A crash or trap ends the process; a message that hostile data makes invalid is printed, and the
/// exit code is then 1.
struct Fuzz: ~Copyable {
  let renders: Int
  let seed: UInt64
  var done = 0
  var templates = 0
  var refused = 0
  var failed = 0
  var checked = 0
  var broken = 0
  var slowest: UInt64 = 0
  var output = ByteBuffer()

  static let partials = [
    "p": "[{{ x }}{{ a }}{% assign b = x %}]", "q": "{% render 'p', x: x %}{% break %}",
    "m": "{{ x }}", "t": "{{ x }}-",
  ]

  init(renders: Int, seed: UInt64) {
    self.renders = renders
    self.seed = seed
  }

  func options(_ generator: inout Generator) -> TemplateOptions {
    var options = TemplateOptions(mode: generator.chance(40) ? .json : .text)
    if generator.chance(60) {
      let mode = options.mode
      options = .shopify
      options.mode = mode
      options.hasOwnFilters = generator.chance(70)
    }
    options.limits.outputBytes = 20_000
    options.limits.iterations = 2_000
    options.limits.time = .milliseconds(500)
    options.limits.partialDepth = 20
    options.limits.digits = 500
    return options
  }

  mutating func run() {
    while done < renders {
      var generator = Generator(random: SeededGenerator(seed: seed &+ UInt64(templates)))
      templates += 1
      if generator.chance(30) {
        message(&generator)
      } else {
        anything(&generator)
      }
      if templates % 50_000 == 0 { report() }
    }
    report()
  }

  func compile(_ source: String, _ options: TemplateOptions) -> Template? {
    try? Template(source: source, options: options, partials: { Fuzz.partials[$0] })
  }

  mutating func render(_ renderer: inout Renderer, _ data: Object) -> Bool {
    output.removeAll(keepingUpTo: 1 << 16)
    done += 1
    let start = TemplateClock.monotonic()
    defer { slowest = max(slowest, TemplateClock.monotonic() - start) }
    do {
      try renderer.render(into: &output, data: ValueData(data))
      return true
    } catch {
      failed += 1
      return false
    }
  }

  /// Any template, whole or mutated: nothing may crash or hang.
  mutating func anything(_ generator: inout Generator) {
    var source = generator.body(3)
    if generator.chance(60) { source = generator.mutated(source) }
    guard let template = compile(source, options(&generator)) else {
      refused += 1
      return
    }
    var renderer = Renderer(template, clock: .fixed(seconds: 1_700_000_000))
    for _ in 0..<16 {
      let isHostile = generator.chance(60)
      _ = render(&renderer, generator.variables(isHostile: isHostile))
    }
  }

  /// A message that is valid for harmless data must be valid for any data.
  mutating func message(_ generator: inout Generator) {
    let source = generator.message(3)
    var options = TemplateOptions(mode: .json)
    options.refusesUnknownFilters = false
    options.limits.iterations = 2_000
    options.limits.outputBytes = 8 << 20
    guard let template = compile(source, options) else {
      refused += 1
      return
    }
    var renderer = Renderer(template, clock: .fixed(seconds: 1_700_000_000))
    guard render(&renderer, generator.variables(isHostile: false)), isValid() else { return }
    for _ in 0..<16 where render(&renderer, generator.variables(isHostile: true)) {
      checked += 1
      guard !isValid() else { continue }
      broken += 1
      print("invalid from valid:\n\(source)\n\(output.text.prefix(2000))")
    }
  }

  func isValid() -> Bool {
    (try? JSONScanner(depthMax: 4000).validate(output.bytes)) != nil
  }

  func report() {
    print(
      "seed \(seed): \(done) renders of \(templates) templates (\(refused) refused),"
        + " \(failed) ended with an error, \(checked) messages checked, \(broken) broken,"
        + " slowest \(slowest / 1000) µs"
    )
  }
}

let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
let seed = arguments.count > 1 ? arguments[1] : UInt64.random(in: 0...999_999_999)
var fuzz = Fuzz(renders: Int(arguments.first ?? 1_000_000), seed: seed)
print("seed \(seed)")
fuzz.run()
exit(fuzz.broken == 0 ? 0 : 1)
