import Foundation
import Reports
import Settings
import TestSupport
import Testing
import Text

@testable import Alerts

/// Mail beside a stand-in that speaks SMTP with TLS and AUTH (RFC 5321, 3207, 4954).
@Suite struct MailTests {
  /// A mail server with a certificate of its own for 127.0.0.1.
  private final class MailServer: Sendable {
    let folder = NSTemporaryDirectory() + "sluice-mail-\(UUID().uuidString)"
    let port: Int
    private let process: String

    /// `mode` is `starttls`, `tls`, or `plain`, which offers no TLS.
    init?(_ mode: String) {
      let script = """
        set -e; mkdir -p \(folder); cd \(folder)
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out cert \
          -days 2 -subj /CN=mail -addext subjectAltName=IP:127.0.0.1 2>/dev/null
        cat > server.py <<'PYTHON'
        \(Self.program)
        PYTHON
        python3 server.py \(mode) > out 2> errors < /dev/null &
        until [ -n "$(tail -c 1 out 2>/dev/null)" ] || grep -q '^[0-9]*$' out; do
          kill -0 $!; sleep 0.05; [ -s out ] && break
        done
        echo "$! $(head -1 out)"
        """
      let (code, output, errors) = Shell.runBlocking(script)
      let words = output.split(whereSeparator: \.isWhitespace).map(String.init)
      guard code == 0, words.count == 2, let port = Int(words[1]) else {
        print("the mail server did not start (\(code)): \(output)\(errors)")
        return nil
      }
      process = words[0]
      self.port = port
    }

    deinit {
      Shell.runBlocking("kill \(process)")
      try? FileManager.default.removeItem(atPath: folder)
    }

    var certificate: String { folder + "/cert" }

    /// What clients said, a line each; the mail itself after `DATA`.
    var session: String {
      (try? String(contentsOfFile: folder + "/session", encoding: .utf8)) ?? ""
    }

    private static let program = """
      import base64, socket, ssl, sys
      mode = sys.argv[1]
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain("cert", "key")
      listener = socket.create_server(("127.0.0.1", 0))
      print(listener.getsockname()[1], flush=True)
      while True:
          client, _ = listener.accept()
          log = open("session", "a")
          try:
              if mode == "tls":
                  client = context.wrap_socket(client, server_side=True)
              secure = mode == "tls"
              known = False
              lines = client.makefile("rb")
              say = lambda text: client.sendall((text + "\\r\\n").encode())
              say("220 stand-in ESMTP")
              while True:
                  line = lines.readline().decode().rstrip("\\r\\n")
                  if not line: break
                  log.write(line + "\\n"); log.flush()
                  word = line.split(" ")[0].upper()
                  if word == "EHLO":
                      extra = ["AUTH PLAIN"] if secure else ["STARTTLS"] if mode == "starttls" else []
                      answers = ["stand-in"] + extra
                      for i, text in enumerate(answers):
                          say("250" + ("-" if i < len(answers) - 1 else " ") + text)
                  elif word == "STARTTLS" and mode == "starttls":
                      say("220 go")
                      client = context.wrap_socket(client, server_side=True)
                      lines = client.makefile("rb")
                      secure = True
                  elif word == "AUTH":
                      parts = line.split(" ")
                      if len(parts) < 3:
                          say("334 ")
                          parts.append(lines.readline().decode().strip())
                      known = base64.b64decode(parts[2]) == b"\\0ada\\0p@ss:w/rd-hunter2"
                      say("235 ok" if known else "535 no")
                  elif word == "MAIL": say("250 ok" if known or mode == "tls" else "530 who are you")
                  elif word == "RCPT": say("550 nobody" if "nobody" in line else "250 ok")
                  elif word == "DATA":
                      say("354 go")
                      while True:
                          text = lines.readline().decode()
                          if text == ".\\r\\n": break
                          log.write(text.replace("\\r\\n", "\\n")); log.flush()
                      say("250 taken")
                  elif word == "QUIT":
                      say("221 bye"); break
                  else: say("502 what")
          except Exception as error:
              print(error, file=sys.stderr)
          finally:
              log.close(); client.close()
      """
  }

  private func sender(_ server: MailServer?, timeout: Duration = .seconds(300)) -> AlertSender {
    var services = AlertSender.Services()
    services.authorityFile = server?.certificate
    services.timeout = timeout
    return AlertSender(
      environment: ["PATH": "/usr/bin:/bin"],
      host: "db1.example.com",
      services: services
    )
  }

  /// Why `sender` cannot send to `channel`; nil if it can.
  private func failure(_ sender: AlertSender, _ channel: AlertChannel) async -> AlertSender.Failure?
  {
    do {
      try await sender.send(Samples.notification(), to: channel)
      return nil
    } catch {
      return error
    }
  }

  private func channel(
    _ port: Int,
    isImplicitTLS: Bool = false,
    password: String? = "p@ss:w/rd-hunter2",
    to recipients: [String] = ["ops@example.com", "ada@example.com"]
  ) -> AlertChannel {
    AlertChannel(
      "mail",
      .email(
        EmailSettings(
          .smtp(
            host: "127.0.0.1",
            port: port,
            isImplicitTLS: isImplicitTLS,
            user: password.map { _ in "ada" },
            password: password.map { Secret($0) }
          ),
          sender: "sluice@example.com",
          recipients: recipients
        )
      )
    )
  }

  @Test func `a mail is sent after STARTTLS and a login`() async throws {
    let server = try #require(MailServer("starttls"))
    try await sender(server).send(Samples.notification(), to: channel(server.port))
    let session = server.session.components(separatedBy: "\n")
    let words = session.prefix { $0 != "DATA" }.map { $0.split(separator: " ").first ?? "" }
    #expect(words.prefix(4) == ["EHLO", "STARTTLS", "EHLO", "AUTH"])
    #expect(session.contains { $0.hasPrefix("MAIL FROM:<sluice@example.com>") })
    #expect(session.contains("RCPT TO:<ops@example.com>"))
    #expect(session.contains("RCPT TO:<ada@example.com>"))
    #expect(session.contains("Subject: [critical] crm: customers failed"))
    #expect(session.contains("To: ops@example.com, ada@example.com"))
    #expect(session.contains("Date: Sat, 31 Jan 2026 11:05:00 +0000"))
    #expect(session.contains("Message-ID: <inc_0011223344556677-1@db1.example.com>"))
    let body = session.drop { !$0.isEmpty }.dropFirst().prefix { !$0.hasPrefix("QUIT") }.joined()
    let text = Base64.bytes(of: Array(body.utf8)).map { String(decoding: $0, as: UTF8.self) }
    #expect(
      text?.hasPrefix("customers failed\n\ndestination events: no broker answers [SL0301]\n")
        == true
    )
    #expect(text?.hasSuffix("next: sluice runs customers\n") == true)
  }

  @Test func `a mail is sent over TLS from the first byte`() async throws {
    let server = try #require(MailServer("tls"))
    let channel = channel(server.port, isImplicitTLS: true, password: nil)
    try await sender(server).send(Samples.notification(), to: channel)
    #expect(server.session.contains("Subject: [critical] crm: customers failed"))
    #expect(!server.session.contains("AUTH"))
  }

  @Test func `without TLS neither the password nor the mail leaves`() async throws {
    let server = try #require(MailServer("plain"))
    let failure = await failure(sender(server), channel(server.port))
    #expect(failure?.description.contains("does not take it") == true)
    #expect(!server.session.contains("AUTH") && !server.session.contains("MAIL"))
  }

  @Test func `a certificate that nobody vouches for is refused`() async throws {
    let server = try #require(MailServer("starttls"))
    #expect(await failure(sender(nil), channel(server.port)) != nil)
    #expect(!server.session.contains("AUTH"))
  }

  @Test func `a wrong password and an unknown recipient are told, without the password`()
    async throws
  {
    let server = try #require(MailServer("starttls"))
    let wrong = await failure(sender(server), channel(server.port, password: "wrong-hunter2"))
    #expect(wrong?.description.contains("(the server answered 535)") == true)
    #expect(wrong?.description.contains("hunter2") == false)
    let unknown = await failure(
      sender(server),
      channel(server.port, to: ["ops@example.com", "nobody@example.com"])
    )
    #expect(unknown?.description.contains("(the server answered 550)") == true)
    #expect(!server.session.contains("Subject"))
  }

  @Test func `a mail server that is dead or silent ends in time`() async throws {
    let silent = try #require(SocketServer { _ in false })
    for port in [1, silent.port] {
      let failure = await failure(sender(nil, timeout: .milliseconds(300)), channel(port))
      #expect(failure?.description.hasPrefix("the mail server does not take it: ") == true)
    }
  }

  @Test func `sendmail gets the mail and its recipients`() async throws {
    let folder = NSTemporaryDirectory() + "sluice-sendmail-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = folder + "/sendmail"
    try Data("#!/bin/sh\n{ echo \"$@\"; cat; } > \(folder)/mail\n".utf8)
      .write(to: URL(fileURLWithPath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let settings = EmailSettings(
      .sendmail(program),
      sender: "sluice@example.com",
      recipients: ["ops@example.com"]
    )
    try await sender(nil).send(Samples.notification(), to: AlertChannel("m", .email(settings)))
    let mail = try String(contentsOfFile: folder + "/mail", encoding: .utf8)
    #expect(
      mail.hasPrefix("-i -f sluice@example.com -- ops@example.com\nFrom: sluice@example.com\n")
    )
    #expect(!mail.contains("\r"))
  }

  @Test func `a subject beyond ASCII is encoded`() {
    let finding = AlertFinding(
      system: "s",
      code: "c",
      summary: "fiel größer aus als üblich, und zwar sehr viel größer als je zuvor",
      command: "x"
    )
    let settings = EmailSettings(.sendmail("/x"), sender: "a@b", recipients: ["c@d"])
    let message = MailMessage(settings, Samples.notification(finding), host: "h")
    let lines = String(decoding: message.bytes(lineEnd: "\n"), as: UTF8.self)
      .components(separatedBy: "\n")
    let subject = lines.first { $0.hasPrefix("Subject: ") } ?? ""
    let words = subject.dropFirst(9).split(separator: " ")
    #expect(words.count > 1)
    #expect(words.allSatisfy { $0.hasPrefix("=?utf-8?B?") && $0.hasSuffix("?=") && $0.count <= 75 })
    let bytes = words.compactMap { Base64.bytes(of: Array($0.dropFirst(10).dropLast(2).utf8)) }
    #expect(
      String(decoding: bytes.joined(), as: UTF8.self)
        == "[critical] crm: customers \(finding.summary)"
    )
  }
}
