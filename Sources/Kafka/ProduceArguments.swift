import Text
import CRdKafka
import Glibc
import Rows

/// The argument array of `rd_kafka_produceva`, filled again for each message without allocating.
struct ProduceArguments: ~Copyable {
  private static let fixed = 6
  private var arguments: UnsafeMutablePointer<rd_kafka_vu_t>
  private var capacity: Int
  private var headerNames: [String] = []
  private var headerTexts: [UnsafeMutablePointer<CChar>] = []

  init() {
    capacity = Self.fixed + 8
    arguments = Self.allocate(capacity)
  }

  deinit {
    arguments.deallocate()
    for text in headerTexts { free(text) }
  }

  /// Makes C strings of the header names of a batch, once as long as they stay the same.
  mutating func use(headerNames names: [String]) {
    guard names != headerNames else { return }
    for text in headerTexts { free(text) }
    headerNames = names
    headerTexts = names.compactMap { strdup($0) }
  }

  /// Hands one message to librdkafka, which copies it.
  ///
  /// The answer is librdkafka's error code, 0 for none.
  @inline(__always)
  mutating func produce(
    _ message: Envelope.Message,
    of contents: borrowing Envelope.Contents,
    to topic: OpaquePointer,
    of producer: OpaquePointer,
    opaque: UInt
  ) -> rd_kafka_resp_err_t {
    let count = Self.fixed + message.headers.count
    if count > capacity { grow(to: count) }
    arguments[0].u.rkt = topic
    arguments[1].u.i32 = message.partition
    set(2, to: message.value, in: contents)
    set(3, to: message.key, in: contents)
    arguments[5].u.ptr = UnsafeMutableRawPointer(bitPattern: opaque)
    var next = Self.fixed
    for position in message.headers {
      let header = contents.headers[position]
      let value = contents.bytes.bytes(header.value)
      arguments[next].vtype = RD_KAFKA_VTYPE_HEADER
      arguments[next].u.header.name = UnsafePointer(headerTexts[Int(header.name)])
      arguments[next].u.header.val = value.baseAddress
      arguments[next].u.header.size = value.count
      next += 1
    }
    guard let error = rd_kafka_produceva(producer, arguments, count) else {
      return RD_KAFKA_RESP_ERR_NO_ERROR
    }
    defer { rd_kafka_error_destroy(error) }
    return rd_kafka_error_code(error)
  }

  @inline(__always)
  private func set(_ argument: Int, to range: Range<Int>?, in contents: borrowing Envelope.Contents)
  {
    let bytes = range.map { contents.bytes.bytes($0) }
    // librdkafka only reads it: with RD_KAFKA_MSG_F_COPY it keeps a copy.
    arguments[argument].u.mem.ptr = UnsafeMutableRawPointer(mutating: bytes?.baseAddress)
    arguments[argument].u.mem.size = bytes?.count ?? 0
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<rd_kafka_vu_t> {
    let arguments = UnsafeMutablePointer<rd_kafka_vu_t>.allocate(capacity: capacity)
    arguments.initialize(repeating: rd_kafka_vu_t(), count: capacity)
    arguments[0].vtype = RD_KAFKA_VTYPE_RKT
    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
    arguments[2].vtype = RD_KAFKA_VTYPE_VALUE
    arguments[3].vtype = RD_KAFKA_VTYPE_KEY
    arguments[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS
    arguments[4].u.i = RD_KAFKA_MSG_F_COPY
    arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE
    return arguments
  }

  private mutating func grow(to count: Int) {
    arguments.deallocate()
    capacity = count * 2
    arguments = Self.allocate(capacity)
  }
}
