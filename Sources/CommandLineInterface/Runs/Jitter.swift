import Glibc
import Text

/// A delay that differs from project to project and machine to machine, and is always the same for one:
/// what starts together everywhere spreads out, and the time between two runs stays what it was.
enum Jitter {
  /// The part of `jitter` that belongs to `subject` on the machine called `machine`.
  static func part(
    of jitter: Duration,
    for subject: [String],
    on machine: String = machineName
  ) -> Duration {
    let digest = SHA256.digest(Array(([machine] + subject).joined(separator: "\0").utf8))
    let number = digest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    // In 1/65,536 of it: no product is too large for a number.
    return jitter / 65_536 * (number & 0xFFFF)
  }

  private static var machineName: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "" }
    return withUnsafeBytes(of: names.nodename) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
