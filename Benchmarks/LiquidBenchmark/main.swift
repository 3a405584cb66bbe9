import Text
import CAllocationCount
import Glibc
import JSON
import Liquid
import Values

/// Renders `count` times.
func pass<Data: TemplateData>(
  _ renderer: inout Renderer,
  _ output: inout ByteBuffer,
  _ rows: [Data],
  _ count: Int
) throws -> (nanoseconds: Double, allocations: Double) {
  let allocated = allocation_count()
  let start = TemplateClock.monotonic()
  for index in 0..<count {
    output.removeAll()
    try renderer.render(into: &output, data: rows[index % rows.count])
  }
  let took = Double(TemplateClock.monotonic() - start) / Double(count)
  return (took, Double(allocation_count() - allocated) / Double(count))
}

/// Nanoseconds and allocations a render: the median of seven passes.
func measure<Data: TemplateData>(
  _ label: String,
  _ template: Template,
  _ rows: [Data],
  _ renders: Int
) throws {
  var renderer = Renderer(template)
  var output = ByteBuffer(capacity: 4096)
  _ = try pass(&renderer, &output, rows, renders / 10)
  var passes: [(nanoseconds: Double, allocations: Double)] = []
  for _ in 0..<7 { passes.append(try pass(&renderer, &output, rows, renders)) }
  passes.sort { $0.nanoseconds < $1.nanoseconds }
  let median = passes[3]
  print(
    "\(template.name) sluice (\(label))  \(Int(median.nanoseconds.rounded())) ns a render,"
      + " \((median.allocations * 100).rounded() / 100) allocations,"
      + " \(Int(passes[0].nanoseconds))..\(Int(passes[6].nanoseconds))"
  )
}

func read(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 20)
  let count = fread(&bytes, 1, bytes.count, file)
  return Array(bytes[..<count])
}

/// How fast the JSON scanner checks and compacts `text`.
func measureScanner(_ text: [UInt8]) throws {
  var output = ByteBuffer(capacity: text.count)
  var best = Double.infinity
  for _ in 0..<50 {
    output.removeAll()
    let start = TemplateClock.monotonic()
    try text.withUnsafeBytes { try JSONScanner().compact($0, into: &output) }
    best = min(best, Double(TemplateClock.monotonic() - start))
  }
  print("JSON scanner: \((Double(text.count) / best * 100).rounded() / 100) GB/s")
}

func run() throws {
  let arguments = CommandLine.arguments
  if arguments.count == 2, arguments[1] == "rows" {
    for line in Customers.lines() { print(line) }
    return
  }
  guard arguments.count == 4, let renders = Int(arguments[3]) else {
    print("usage: LiquidBenchmark rows | LiquidBenchmark TEMPLATE ROWS RENDERS")
    exit(64)
  }
  let source = String(decoding: read(arguments[1]), as: UTF8.self)
  let lines = read(arguments[2]).split(separator: UInt8(ascii: "\n"))
  let name = String(arguments[1].split(separator: "/").last?.prefix { $0 != "." } ?? "")
  let rows = try lines.map { line in
    let value = try Array(line).withUnsafeBytes { try JSONParser().parse($0) }
    guard case .object(let object) = value else { return ValueRow(columns: [], names: []) }
    return ValueRow(columns: object.values, names: object.keys)
  }
  for mode in [TemplateOptions.Mode.json, .text] {
    let template = try Template(
      source: source,
      name: name,
      options: TemplateOptions(mode: mode),
      schema: Customers.schema
    )
    try measure(mode == .json ? "json, values" : "text", template, rows, renders)
    if mode == .json {
      var all = ByteBuffer()
      let byteRows = rows.map { row in
        var fields: [Range<Int>] = []
        for column in row.columns {
          let start = all.count
          all.append(column, as: .text)
          fields.append(start..<all.count)
        }
        return fields
      }
      let bytes = all.bytes
      let data = zip(byteRows, rows).map { fields, row in
        ByteRow(
          bytes: bytes,
          fields: fields,
          isText: row.columns.map { if case .string = $0 { true } else { false } },
          values: row
        )
      }
      try measure("json, bytes", template, data, renders)
      withExtendedLifetime(all) {}
    }
  }
  try measureScanner([UInt8(ascii: "[")] + Array(lines.joined(separator: [0x2C, 0x20])) + [0x5D])
}

try run()
