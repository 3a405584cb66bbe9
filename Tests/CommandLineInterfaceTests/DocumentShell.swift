import CommandLineInterface
import Foundation
import TestSupport

/// Runs the commands of a page in one shell, in a folder of its own, with stand-ins for the programs
/// of a machine that a test must not touch.
struct DocumentShell {
  let folder: TemporaryFolder
  /// What the servers are called here in place of what the page calls them.
  var names: [(page: String, here: String)] = []
  /// Variables for the shell.
  var variables: [(name: String, value: String)] = []

  init() throws {
    folder = try TemporaryFolder([
      "bin/sudo": #"exec "$@""#,
      "bin/dbt": "exit 0",
      "bin/systemctl":
        #"case "$*" in daemon-reload) ;; "enable --now "*) test -e "$HOME/units/$3";; *) exit 1;; esac"#,
      "bin/kubectl": #"[ "$*" = "apply -f -" ] && cat > "$HOME/manifests""#,
      "bin/crontab":
        #"case $1 in -l) cat "$HOME/tab" 2>/dev/null || { echo "no crontab for you" >&2; exit 1; };; -) cat > "$HOME/tab";; esac"#,
      // Of the options the volume and the file are looked at; what follows the image is run.
      "bin/docker": """
      [ "$1 $2 $3 $4 $5" = "run --rm -v $PWD:/project --user" ] || exit 1
      [ "$7" = --env-file ] && test -e "$8" || exit 1
      [ "$9" = "sluice:\(CommandLineInterface.version)" ] || exit 1
      shift 9; exec sluice "$@"
      """,
      "home/units/none": "",
    ])
    for name in ["sudo", "dbt", "systemctl", "kubectl", "crontab", "docker"] {
      let path = folder.path + "/bin/" + name
      try folder.write("#!/bin/bash\n" + folder.read("bin/" + name) + "\n", to: "bin/" + name)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let program = Shell.program("sluice") ?? "/nonexistent"
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/bin/sluice",
      withDestinationPath: program
    )
  }

  /// Runs the commands of `page` that belong into `place`; what went wrong, nil if nothing did.
  func run(_ page: DocumentPage, in place: DocumentTreatment.Place) async throws -> String? {
    var script = Self.prelude
    script += variables.map { "export \($0.name)='\($0.value)'\n" }.joined()
    if place == .project { script += Self.project }
    for part in page.parts {
      switch part {
      case .file(let path, let text):
        script += "mkdir -p $(dirname \(path))\n"
        script += "cat > \(path) <<'END_OF_FILE'\n\(text)END_OF_FILE\n"
      case .block(let block):
        let treatment = DocumentTreatment.of(block, in: page)
        guard case .run(place, let before)? = treatment else { continue }
        script += "\(before)\n\(commands(block.text))\n"
      }
    }
    try folder.write(script, to: "script")
    let outcome = await Shell.run(
      "cd '\(folder.path)'; exec env -i HOME='\(folder.path)/home' "
        + "PATH='\(folder.path)/bin:/usr/local/bin:/usr/bin:/bin' bash script"
    )
    if outcome.code == 0 { return nil }
    return "exit code \(outcome.code)\n\(outcome.output.suffix(1000))\n\(outcome.errors)"
  }

  /// The lines of a block as this machine runs them; if some begin with `$`, the others are output.
  private func commands(_ text: String) -> String {
    let lines = text.split(separator: "\n").map(String.init)
    let shown = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    var commands = (shown.isEmpty ? lines : shown).joined(separator: "\n")
    for name in names { commands = commands.replacingOccurrences(of: name.page, with: name.here) }
    return commands.replacingOccurrences(of: "/etc/systemd/system", with: "\"$HOME/units\"")
  }

  // An error in any command of a pipe ends the script, and says which one it was.
  private static let prelude = """
    set -eo pipefail
    trap 'echo "failed: $BASH_COMMAND" >&2' ERR
    mkdir work; cd work
    keep_in_git() {
      git init -q .; git checkout -q -b main; git add -A
      git -c user.name=t -c user.email=t@example.com commit -qm x; git tag v1.4
      echo '{"id": 1, "name": "Ada", "email": null, "updated_at": "2026-02-01"}' > rows.jsonl
    }
    write_a_template() {
      echo '{"id": {{ row.id }}}' > body.liquid
      echo '{"id": 7}' > rows.jsonl
    }
    connect_as_the_readme_says() {
      mkdir -p certs; cp "$CA" certs/ca.pem
      sed -i '/^destinations:/,$d' sluice.yml
      cat "$DESTINATIONS" >> sluice.yml
      echo "KAFKA_PASSWORD='sluice-secret'" >> .env
    }

    """

  private static let project = """
    sluice init --quiet crm; cd crm
    sqlite3 demo/shop.db "ALTER TABLE customers ADD COLUMN updated_at TEXT DEFAULT '2026-02-01'"
    sed -i 's/SELECT id, name, email, active/&, updated_at/' models/customers.sql
    printf 'schedule: "*/5 * * * *"\\ntags: [crm, nightly]\\n' >> syncs/customers.yml
    sluice run --quiet >/dev/null

    """
}

extension DocumentTreatment {
  /// What is done with a block; nil if no entry of the list, or more than one, is about it.
  static func of(_ block: DocumentPage.Block, in page: DocumentPage) -> DocumentTreatment? {
    let found = all.filter {
      $0.page == page.name && block.firstLine.hasPrefix($0.beginning)
    }
    return found.count == 1 ? found[0].treatment : nil
  }
}
