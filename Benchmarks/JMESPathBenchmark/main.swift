import Text
import Glibc
import JMESPath
import JSON
import Values

func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Nanoseconds a search, with the result written as JSON, of one pass over `count` rows.
func pass(_ expression: Expression, _ rows: [Value], _ count: Int) throws -> Double {
  var output = ByteBuffer(capacity: 4096)
  let start = now()
  for index in 0..<count {
    output.removeAll()
    try expression.write(rows[index % rows.count], to: &output)
  }
  return (now() - start) / Double(count)
}

/// Rows as JSON lines on standard input.
func readRows() throws -> [Value] {
  var rows: [Value] = []
  while let line = readLine() { rows.append(try JSONParser().parse(line)) }
  return rows
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
  print("usage: JMESPathBenchmark EXPRESSION COUNT < ROWS")
  exit(64)
}
let expression = try Expression(arguments[1])
let rows = try readRows()
guard !rows.isEmpty else { exit(65) }
_ = try pass(expression, rows, count / 10 + 1)
var times: [Double] = []
for _ in 0..<7 { times.append(try pass(expression, rows, count)) }
times.sort()
print(Int(times[3].rounded()))
