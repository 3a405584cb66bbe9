/// Room for a C function to write a message in.
struct CText {
  var bytes = [CChar](repeating: 0, count: 512)

  var string: String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
