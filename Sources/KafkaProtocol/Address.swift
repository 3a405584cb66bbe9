import Blocking
import Glibc

/// One address of a host, ready for `connect`.
struct Address: Sendable, Hashable {
  let bytes: [UInt8]

  /// Copies a `sockaddr`.
  init(copying address: UnsafeRawBufferPointer) {
    bytes = Array(address)
  }

  /// The address in digits.
  var text: String {
    var host = [CChar](repeating: 0, count: 64)
    let code = bytes.withUnsafeBytes { raw in
      getnameinfo(
        raw.assumingMemoryBound(to: sockaddr.self).baseAddress,
        socklen_t(raw.count),
        &host,
        socklen_t(host.count),
        nil,
        0,
        NI_NUMERICHOST
      )
    }
    guard code == 0 else { return "?" }
    return String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  var family: Int32 {
    bytes.withUnsafeBytes { raw in
      raw.count >= 2 ? Int32(raw.loadUnaligned(as: sa_family_t.self)) : AF_UNSPEC
    }
  }

  /// Asks the system for the addresses of `host`, on a thread that may take longer than we wait.
  static func resolve(
    _ host: String,
    port: Int,
    before deadline: Deadline
  ) throws(LoginError) -> [Address] {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw LoginError(.nameResolution, SystemError.text())
    }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let answer = Answer()
    BlockingThread.start {
      answer.set(lookUp(host, port))
      close(writing)
    }
    var waiting = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, deadline.milliseconds()) > 0 else {
      throw LoginError(.timedOut, "no answer from the name service")
    }
    return try answer.get().get()
  }

  private static func lookUp(_ host: String, _ port: Int) -> Result<[Address], LoginError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      let reason = String(cString: gai_strerror(code))
      return .failure(LoginError(.nameResolution, "\(host) has no address: \(reason)"))
    }
    defer { freeaddrinfo(list) }
    var addresses: [Address] = []
    var entry = list
    while let info = entry?.pointee {
      let count = Int(info.ai_addrlen)
      addresses.append(Address(copying: UnsafeRawBufferPointer(start: info.ai_addr, count: count)))
      entry = info.ai_next
    }
    return .success(addresses)
  }

  private final class Answer: Sendable {
    private let monitor = Monitor()
    // Unsafe for the compiler only: every access holds `monitor`.
    nonisolated(unsafe) private var result: Result<[Address], LoginError> = .success([])

    func set(_ result: Result<[Address], LoginError>) {
      monitor.withLock { self.result = result }
    }

    func get() -> Result<[Address], LoginError> {
      monitor.withLock { result }
    }
  }
}
