internal import Text

/// Postgres's dates and times in ISO 8601.
///
/// Years before 1 and beyond 9999 are written as ISO 8601's expanded years, the year before 1
/// being 0: `0044-03-15 BC` is `-0043-03-15`, `12345-01-01` is `+12345-01-01`.
enum DateTimeText {
  /// Appends `2024-05-06 07:08:09.1+00` as `"2024-05-06T07:08:09.1Z"`, without an offset as none.
  static func append(timestamp field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    if hasFourDigitYear(field) { return append(common: field, to: &output) }
    let isBeforeChrist = isBC(field)
    let end = isBeforeChrist ? field.count - 3 : field.count
    guard let space = field[..<end].firstIndex(of: UInt8(ascii: " ")) else {
      return appendQuoted(field, to: &output)
    }
    output.append(UInt8(ascii: "\""))
    appendDate(field[..<space], isBeforeChrist: isBeforeChrist, to: &output)
    appendTime(UnsafeRawBufferPointer(rebasing: field[(space + 1)..<end]), to: &output)
  }

  /// Appends a timestamp of one of the years 1 to 9999: its bytes, with another one in the middle, and
  /// mostly others at its end.
  private static func append(common field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    let end = isUTC(field) ? field.count - 3 : field.count
    output.append(upTo: field.count + 3) { room in
      guard let place = room.baseAddress, let text = field.baseAddress else { return 0 }
      (place + 1).copyBytes(from: text, count: end)
      room[0] = UInt8(ascii: "\"")
      room[11] = UInt8(ascii: "T")
      var written = 1 + end
      if end < field.count {
        room[written] = UInt8(ascii: "Z")
        written += 1
      }
      room[written] = UInt8(ascii: "\"")
      return written + 1
    }
  }

  /// Whether `field` is a timestamp of one of the years 1 to 9999, whose date stays as it is: nearly
  /// all are.
  @inline(__always) private static func hasFourDigitYear(_ field: UnsafeRawBufferPointer) -> Bool {
    field.count >= 19 && field[4] == UInt8(ascii: "-") && field[10] == UInt8(ascii: " ")
      && field[field.count - 1] <= UInt8(ascii: "9")
  }

  /// Appends what comes after a date, with the quote at its end; an offset of zero becomes `Z`.
  @inline(__always) private static func appendTime(
    _ time: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) {
    let isUTC = isUTC(time)
    output.append(UInt8(ascii: "T"))
    output.append(UnsafeRawBufferPointer(rebasing: isUTC ? time.dropLast(3) : time[...]))
    if isUTC { output.append(UInt8(ascii: "Z")) }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether `time` ends with the offset of UTC.
  @inline(__always) private static func isUTC(_ time: UnsafeRawBufferPointer) -> Bool {
    let end = time.count
    return end >= 3 && time[end - 3] == UInt8(ascii: "+") && time[end - 2] == UInt8(ascii: "0")
      && time[end - 1] == UInt8(ascii: "0")
  }

  /// Appends `2024-05-06` in quotes.
  static func append(date field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    guard let first = field.first, first <= UInt8(ascii: "9"), first != UInt8(ascii: "-") else {
      return appendQuoted(field, to: &output)
    }
    let isBeforeChrist = isBC(field)
    output.append(UInt8(ascii: "\""))
    appendDate(
      field[..<(isBeforeChrist ? field.count - 3 : field.count)],
      isBeforeChrist: isBeforeChrist,
      to: &output
    )
    output.append(UInt8(ascii: "\""))
  }

  /// `infinity` and `-infinity`, which are dates too.
  private static func appendQuoted(
    _ field: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) {
    output.append(UInt8(ascii: "\""))
    output.append(field)
    output.append(UInt8(ascii: "\""))
  }

  private static func isBC(_ field: UnsafeRawBufferPointer) -> Bool {
    field.suffix(3).elementsEqual(" BC".utf8)
  }

  private static func appendDate(
    _ date: Slice<UnsafeRawBufferPointer>,
    isBeforeChrist: Bool,
    to output: inout ByteBuffer
  ) {
    let yearEnd = date.firstIndex(of: UInt8(ascii: "-")) ?? date.endIndex
    let year = date[..<yearEnd]
    if isBeforeChrist {
      // No year of Postgres has more digits than seven.
      let number = year.prefix(7).reduce(0) { $0 * 10 + Int($1) - 48 } - 1
      if number > 0 { output.append(UInt8(ascii: "-")) }
      let digits = String(number)
      output.append(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
    } else {
      if year.count > 4 { output.append(UInt8(ascii: "+")) }
      output.append(UnsafeRawBufferPointer(rebasing: year))
    }
    output.append(UnsafeRawBufferPointer(rebasing: date[yearEnd...]))
  }
}
