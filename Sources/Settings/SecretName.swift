/// Tells which names stand for secrets.
public enum SecretName {
  private static let words = ["password", "secret", "token", "private_key", "passphrase"]

  /// Whether what stands under `name` must not be shown.
  public static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    if name == "token_endpoint" { return false }
    return words.contains { name.contains($0) }
  }
}
