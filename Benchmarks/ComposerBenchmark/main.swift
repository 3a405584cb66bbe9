import Text
import CAllocationCount
import Glibc
import Messages
import Rows
import Settings

/// Messages of one batch, composed over and over by one way of writing the body.
struct Race {
  let name: String
  let composer: Composer
  let rows: RowsToSend
  let envelope = Envelope()

  init(_ name: String, _ body: BodyForm, headers: [SystemHeader] = []) throws {
    self.name = name
    let message = MessageSettings(
      isSelected: true,
      topic: Located(.text("customers")),
      key: Located(.column("id")),
      partition: nil,
      headers: [],
      systemHeaders: headers,
      body: body
    )
    composer = Composer(
      sync: SyncSettings(
        name: "customers",
        file: "customers.yml",
        model: Located("customers"),
        destination: Located("events"),
        added: message,
        changed: message,
        removed: message
      ),
      model: ModelSettings(
        name: "customers",
        file: "customers.sql",
        sql: "",
        source: "shop",
        primaryKey: [Located("id")],
        types: [:]
      ),
      stateID: "00000000000000000000000000000000",
      run: RunIdentity(id: "run", startedAt: 1_769_846_400_000_000),
      topics: Topics { _ in .count(6) },
      shapeOf: { _ in nil }
    )
    try composer.use(Customers.shape, number: 1)
    rows = Customers.rows
  }

  /// Nanoseconds a message of one pass over the batch `rounds` times.
  func pass(_ rounds: Int) -> Double {
    let start = now()
    for _ in 0..<rounds { _ = composer.compose(rows, into: envelope) }
    return (now() - start) / Double(rounds * rows.items.count)
  }

  /// The first message, to see that all ways write the same.
  var sample: String {
    _ = composer.compose(rows, into: envelope)
    return envelope.messages.first?.value.map(envelope.text) ?? "?"
  }
}

/// Ten thousand rows as they come from Postgres.
enum Customers {
  private static let columns: [(name: String, kind: ColumnType.Kind)] = [
    ("id", .integer), ("email", .text), ("full_name", .text), ("age", .integer), ("plan", .text),
    ("active", .boolean), ("balance", .numeric), ("updated_at", .timestampWithZone),
  ]

  static let shape = Shape(
    dialect: .postgres,
    columns: columns.map { Shape.Column(name: $0.name, type: ColumnType($0.kind)) }
  )

  static let rows: RowsToSend = {
    let page = Page()
    var lines = Page.Lines()
    let names = ["Ada Lovelace", "Bruno Okafor", "Chloé García", "Emeka \\\\ \"E\" Tanaka"]
    for id in 1...10_000 {
      lines.bytes.append(
        "\(id)\tuser\(id)@mail\(id % 50).example.com\t\(names[id % 4])\t\(id % 90)\tpro"
      )
      lines.bytes.append("\tt\t\(id % 1000).\(10 + id % 90)\t2026-01-31 08:00:0\(id % 10)+00")
      lines.endLine()
    }
    page.exchange(&lines)
    let items = (0..<Int32(page.count)).map {
      RowsToSend.Item(change: .added, position: $0, line: $0, old: nil)
    }
    return RowsToSend(
      token: [UInt8](repeating: 7, count: 16),
      isBackfill: false,
      items: items,
      shape: 1,
      rows: page,
      oldRows: Page(),
      oldShapes: []
    )
  }()
}

func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func member(_ name: String, _ value: ValueForm) -> NamedMember {
  NamedMember(name: name, form: .value(Located(value)))
}

let mapper = BodyForm.object([
  member("name", .column("full_name")), member("age", .column("age")),
  NamedMember(
    name: "contact",
    form: .object([member("type", .literal(.string("email"))), member("value", .column("email"))])
  ),
])
let template = """
  { "name": "{{ row.full_name }}", "age": {{ row.age }},
    "contact": {"type": "email", "value": {{ row.email }}} }
  """
let expression =
  "{name: data.full_name, age: data.age, contact: {type: 'email', value: data.email}}"
let races = [
  try Race("mapper", mapper),
  try Race("template", .template(Located(template))),
  try Race("jmespath", .jmespath(Located(expression))),
  try Race("all columns", .allColumns),
  try Race("mapper, event-id and change", mapper, headers: [.eventID, .change]),
]

let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
// For a profiler: one way alone.
if CommandLine.arguments.count == 3 {
  for race in races where race.name == CommandLine.arguments[2] {
    print("\(race.name): \(Int(race.pass(max(rounds, 1)).rounded())) ns a message")
  }
  exit(0)
}
print(races[0].sample)
for race in races[1...2] where race.sample != races[0].sample {
  print("\(race.name) writes another message: \(race.sample)")
  exit(1)
}
var times = [[Double]](repeating: [], count: races.count)
// In turn, so that what else the machine does meets all of them.
for pass in 0..<8 {
  for (index, race) in races.enumerated() {
    let time = race.pass(max(rounds, 1))
    if pass > 0 { times[index].append(time) }
  }
}
let medians = times.map { $0.sorted()[$0.count / 2] }
for (race, median) in zip(races, medians) {
  let before = allocation_count()
  _ = race.composer.compose(race.rows, into: race.envelope)
  let allocations = Double(allocation_count() - before) / Double(race.rows.items.count)
  let ratio = (median / medians[0] * 100).rounded() / 100
  print(
    "\(race.name): \(Int(median.rounded())) ns a message, \(ratio) x the mapper, "
      + "\((allocations * 100).rounded() / 100) allocations"
  )
}
