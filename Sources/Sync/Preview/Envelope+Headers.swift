internal import Rows
internal import Settings

extension Envelope {
  /// Headers of `message`, without what stands under the name of a secret: what is shown may be
  /// pasted to where everybody can read it.
  func shownHeaders(of message: Message) -> [(name: String, value: String)] {
    headers[message.headers].map { header in
      let name = headerNames[Int(header.name)]
      return (name, SecretName.isSecret(name) ? "***" : text(header.value))
    }
  }
}
