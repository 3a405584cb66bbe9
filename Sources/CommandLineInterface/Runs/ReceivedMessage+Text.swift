import Text
import JSON
import Rows
import Values

extension ReceivedMessage {
  /// One line of JSON: where it lies, its key, its headers, and its value as JSON where it is.
  var line: String {
    var output = ByteBuffer()
    output.append("{\"topic\":")
    output.append(quoted: topic)
    output.append(",\"partition\":")
    output.append(decimal: partition)
    output.append(",\"offset\":")
    output.append(decimal: offset)
    output.append(",\"key\":")
    append(key, to: &output)
    output.append(",\"headers\":{")
    for (index, header) in headers.enumerated() {
      if index > 0 { output.append(",") }
      output.append(quoted: header.name)
      output.append(":")
      append(header.value, to: &output)
    }
    output.append("},\"value\":")
    appendValue(to: &output)
    output.append("}")
    return output.text
  }

  private func append(_ bytes: [UInt8]?, to output: inout ByteBuffer) {
    guard let bytes else { return output.append("null") }
    bytes.withUnsafeBytes { _ = output.append(quoted: $0) }
  }

  private func appendValue(to output: inout ByteBuffer) {
    guard let value else { return output.append("null") }
    value.withUnsafeBytes { bytes in
      do throws(JSONError) {
        try JSONScanner().compact(bytes, into: &output)
      } catch {
        _ = output.append(quoted: bytes)
      }
    }
  }
}
