import Glibc
import Reports

/// The machine and the process, for a bug report.
enum Platform {
  /// Fills in what the system says of itself.
  static func describe(_ report: inout DoctorReport) {
    report.system = distribution
    var names = utsname()
    if uname(&names) == 0 {
      report.kernel = "\(text(names.sysname)) \(text(names.release))"
      report.architecture = text(names.machine)
    }
    report.systemLibrary = systemLibrary
    report.processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    report.memoryBytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    report.limits = [
      limit("open files", __rlimit_resource_t(RLIMIT_NOFILE.rawValue)),
      limit("address space", __rlimit_resource_t(RLIMIT_AS.rawValue)),
      limit("file size", __rlimit_resource_t(RLIMIT_FSIZE.rawValue)),
      limit("stack", __rlimit_resource_t(RLIMIT_STACK.rawValue)),
    ]
  }

  /// `PRETTY_NAME` of os-release(5).
  private static var distribution: String? {
    guard let file = fopen("/etc/os-release", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
        as: UTF8.self
      )
      guard text.hasPrefix("PRETTY_NAME=") else { continue }
      return String(text.dropFirst(12).filter { $0 != "\"" && !$0.isNewline })
    }
    return nil
  }

  /// Name and version of the C library, as in `glibc 2.36`.
  private static var systemLibrary: String? {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = buffer.withUnsafeMutableBytes {
      confstr(Int32(_CS_GNU_LIBC_VERSION), $0.baseAddress, $0.count)
    }
    guard (2...buffer.count).contains(count) else { return nil }
    return String(decoding: buffer.prefix(count - 1), as: UTF8.self)
  }

  private static func limit(
    _ name: String,
    _ resource: __rlimit_resource_t
  ) -> DoctorReport.Limit {
    var values = rlimit()
    guard getrlimit(resource, &values) == 0 else {
      return DoctorReport.Limit(name, soft: nil, hard: nil)
    }
    // RLIM_INFINITY is the greatest number.
    return DoctorReport.Limit(
      name,
      soft: Int(exactly: values.rlim_cur),
      hard: Int(exactly: values.rlim_max)
    )
  }

  /// The text of an array of C characters.
  private static func text<Characters>(_ characters: Characters) -> String {
    // The bytes of a tuple of characters lie one after the other.
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
