/// `openssl s_server` with a certificate made for the occasion, signed by the kit's authority.
public final class CertificateServer: Sendable {
  /// The port it listens on.
  public let port: Int
  private let process: String

  /// Starts it with a certificate for the host `name`; times are as in `20200101000000Z`.
  public init?(_ kit: KafkaKit, from start: String, until end: String, for name: String) {
    // The port is read when its line is whole: its last character is a line feed.
    let script = """
      set -e; dir=$(mktemp -d \(kit.folder)/server-XXXXXX); cd $dir; : >index; : >out; echo 01 >serial
      printf '[ca]\\ndefault_ca=c\\n[c]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\n\
      default_md=sha256\\npolicy=p\\nx509_extensions=e\\n[p]\\ncommonName=supplied\\n\
      [e]\\nsubjectAltName=DNS:\(name)\\n' >conf
      openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key 2>/dev/null
      openssl req -new -key key -subj /CN=\(name) -out request 2>/dev/null
      openssl ca -batch -config conf -cert \(kit.folder)/tls/ca.pem -keyfile \(kit.folder)/tls/ca.key \
        -startdate \(start) -enddate \(end) -in request -out certificate -notext 2>log
      openssl s_server -www -accept 127.0.0.1:0 -cert certificate -key key >out 2>&1 </dev/null &
      until grep -q ACCEPT out && [ -z "$(tail -c 1 out)" ]; do kill -0 $!; sleep 0.05; done
      echo "$! $(sed -n 's/.*ACCEPT.*:\\([0-9]*\\)$/\\1/p' out)"
      """
    let (code, output, errors) = Shell.runBlocking(script)
    let words = output.split(whereSeparator: \.isWhitespace).map(String.init)
    guard code == 0, words.count == 2, let port = Int(words[1]) else {
      print("openssl s_server did not start (\(code)): \(errors)")
      return nil
    }
    process = words[0]
    self.port = port
  }

  deinit {
    Shell.runBlocking("kill \(process)")
  }
}
