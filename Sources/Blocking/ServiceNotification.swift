import Glibc

/// What a service tells the one who started it, as systemd's sd_notify(3) has it: a datagram to a
/// local socket.
public enum ServiceNotification {
  /// Sends `text`, lines such as `READY=1`, to the socket at `path`; returns why not, nil on success.
  ///
  /// A path that begins with `@` is of the abstract namespace. It waits for a second at most.
  public static func send(_ text: String, to path: String) -> String? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    // A name of the abstract namespace ends where the address does, a path with a zero.
    let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard (2...capacity).contains(bytes.count), [0, UInt8(ascii: "/")].contains(bytes[0]) else {
      return "\(path) is not the address of a socket"
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = MemoryLayout.size(ofValue: address.sun_family) + bytes.count
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return SystemError.text() }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    let message = Array(text.utf8)
    let count = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        let flags = Int32(MSG_NOSIGNAL)
        return sendto(descriptor, message, message.count, flags, pointer, socklen_t(length))
      }
    }
    return count == message.count ? nil : SystemError.text()
  }
}
