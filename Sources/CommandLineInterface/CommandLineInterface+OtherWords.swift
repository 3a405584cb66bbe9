extension CommandLineInterface {
  /// Words of dbt, Terraform, Hightouch and other tools, and what to type here.
  static let otherWords: [String: String] = {
    let plan = "'sluice plan' shows what a run would send, and sends nothing"
    let run = "'sluice run' delivers what changed"
    let status = "'sluice status' has one line a sync"
    let check = "'sluice check' reads every file; with --connect it tries the connections too"
    let save = "'sluice plan SYNC --save FILE' pins a plan, 'sluice apply FILE' sends it"
    let backfill = "'sluice backfill SYNC' sends every row again"
    let select = "name the syncs after the command, or take those with a tag: --tag TAG"
    let json = "write '--output json'"
    let trace = "write '--log-level debug', or 'trace' for every step"
    return [
      "sync": run, "build": run, "start": run, "deploy": run, "trigger": run,
      "diff": plan, "preview": plan, "show": plan, "--dry-run": plan, "--dry": plan,
      "--empty": plan,
      "ls": status, "list": status, "ps": status,
      "validate": check, "lint": check, "parse": check, "debug": check,
      "compile": "'sluice render' tries a template, 'sluice inspect SYNC' one row",
      "logs": "'sluice runs' has the history, 'sluice messages SYNC' what was sent",
      "history": "'sluice runs' has the history",
      "resync": backfill, "refresh": backfill, "--full-refresh": backfill, "--full": backfill,
      "--resync": backfill, "--full-resync": backfill,
      "-out": save, "--out": save, "--plan": save, "--auto-approve": save,
      "--select": select, "-s": select, "--models": select, "-m": select, "--exclude": select,
      "--json": json, "--format": json, "-o": json,
      "--verbose": trace, "-v": trace, "--debug": trace,
      "--project-dir": "write '-C DIR'", "--profiles-dir": "connections are in sluice.yml",
      "--threads": "write '--jobs N' after 'run'",
      "--force": "'sluice run --allow max_removed' lifts the guard, once",
    ]
  }()
}
