public import Text

/// Checks that a text is JSON by RFC 8259, and takes the white space out of it.
///
/// One pass over the bytes without allocating. Numbers and strings stay byte for byte as they are;
/// member names may repeat; escapes of lone surrogates are accepted, as the grammar has it; bytes
/// that are not UTF-8 and a byte order mark are refused.
public struct JSONScanner: Sendable {
  /// The greatest depth of nesting that any scanner allows.
  public static let depthLimit = 4096

  /// How deep arrays and objects may nest.
  public let depthMax: Int

  /// Creates a scanner; `depthMax` is cut off at `depthLimit`.
  public init(depthMax: Int = 512) {
    self.depthMax = min(max(depthMax, 0), JSONScanner.depthLimit)
  }

  /// Checks that `text` is one JSON value.
  ///
  /// Throws with the place of the first byte that cannot belong to one.
  public func validate(_ text: UnsafeRawBufferPointer) throws(JSONError) {
    try scan(text, into: nil)
  }

  /// Checks that `text` is one JSON value and appends it to `output` without white space.
  ///
  /// When it throws, `output` is as it was. `text` must not lie in `output`.
  public func compact(
    _ text: UnsafeRawBufferPointer,
    into output: inout ByteBuffer
  ) throws(JSONError) {
    try output.append(upTo: text.count) { room throws(JSONError) in
      try scan(text, into: room.baseAddress)
    }
  }

  @discardableResult
  private func scan(
    _ text: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawPointer?
  ) throws(JSONError) -> Int {
    guard let start = text.baseAddress, text.count > 0 else {
      throw JSONError(.unexpectedEnd, at: 0, in: text, "a JSON value is missing")
    }
    var result: Result<Int, JSONScan.Fault> = .success(0)
    withUnsafeTemporaryAllocation(byteCount: depthMax + 1, alignment: 1) { stack in
      guard let base = stack.baseAddress else { return }
      var scan = JSONScan(
        text: start,
        count: text.count,
        output: output,
        stack: base,
        depthMax: depthMax
      )
      do throws(JSONScan.Fault) {
        try scan.run()
        result = .success(scan.written)
      } catch {
        result = .failure(error)
      }
    }
    switch result {
    case .success(let written): return written
    case .failure(let fault): throw fault.error(in: text)
    }
  }
}
