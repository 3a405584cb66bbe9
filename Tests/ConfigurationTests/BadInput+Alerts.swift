extension BadInput {
  private static func alerts(_ name: String, _ text: String) -> BadInput {
    projectKey(name, "alerts:\n" + text)
  }

  private static let channel = "  channels: {ops: {type: command, run: 'true'}}\n"

  static let alerts: [BadInput] = [
    projectKey("alerts-not-a-map", "alerts: [slack]"),
    alerts("alerts-unknown-key", "  chanels: {}\n  rules: []\n  heart: 1"),
    alerts(
      "alerts-channels-bad",
      """
        channels:
          none: {}
          other: {type: slak, webhook: x}
          .bad: {type: command, run: 'true'}
          slack: {type: slack, url: https://hooks.example.com/hunter2}
          teams: {type: teams, webhook: hooks.example.com/hunter2}
          pager: {type: pagerduty, routing_key: null, severity: fatal, min: error}
          hook: {type: webhook, url: 5, headers: {'a b': x, ok: "a\\nb"}, sekret: x}
          run: {type: command, run: [a]}
          list: [a]
      """
    ),
    alerts(
      "alerts-sms-bad",
      """
        channels:
          a: {type: sms, provider: vonage, account_sid: AC, auth_token: hunter2, from: +15005550006, to: [+49]}
          b: {type: sms}
          c: {type: sms, provider: twilio, account_sid: AC, auth_token: hunter2, from: Sluice, to: []}
      """
    ),
    alerts(
      "alerts-email-bad",
      """
        channels:
          a: {type: email, smtp: 'smtp://ada:hunter2@', from: ops, to: 'Ada <ada@example.com>'}
          b: {type: email, smtp: 'https://ada:hunter2@mail', from: a@b.c, to: []}
          c: {type: email, from: a@b.c, to: [a@b.c]}
          d: {type: email, smtp: 'smtp://ada:hun%2ter2@mail:0', sendmail: /x, from: -a@b.c, to: [a@b.c]}
      """
    ),
    alerts(
      "alerts-rules-bad",
      channel + """
          rules:
            - failed
            - {channels: [ops]}
            - {on: fialed, channels: [ops]}
            - {on: failed}
            - {on: failed, channels: [opps, ops, ops], after: 2h}
            - {on: failed, channels: [ops], syncs: [customer], severity: fatal, mute_until: tomorrow}
            - {on: rejected, above: -1, channels: [ops]}
            - {on: rejected, above: 200%, channels: [ops]}
            - {on: stale, channels: [ops]}
            - {on: stale, after: soon, channels: [ops]}
            - {on: unusual, factor: 1, channels: [ops]}
            - {on: duration, above: 3y, channels: [ops]}
            - {on: duration, channels: [ops]}
            - {on: rows, below: 50, channels: [ops]}
            - {on: failed, channels: [ops], mute_until: 2026-02-29T08:00Z}
            - {on: failed, channels: [ops], mute_until: 2026-12-24T08:00}
        """
    ),
    alerts("alerts-rules-map", channel + "  rules: {on: failed}"),
    alerts(
      "alerts-secret-masked",
      """
        channels:
          a: {type: slack, webhook: "https://hooks.slack.com/services/hunter2/s3cr3t", mn: critical}
          b: {type: pagerduty, routing_key: hunter2s3cr3t, sverity: error}
      """
    ),
    alerts(
      "alerts-heartbeat-bad",
      """
        heartbeat:
          - https://example.com/x
          - {syncs: [customers]}
          - {url: "ping.example.com/hunter2", syncs: [customer], tag: a}
          - {url: [a]}
      """
    ),
    projectKey("metrics-bad", "metrics: {textfile: sluice.txt, pushgateway: gate:9091, otel: x}"),
    projectKey("metrics-empty", "metrics: {}"),
    projectKey(
      "metrics-secret-masked",
      "metrics: {pushgateway: 'http://ada:hunter2@h', textfil: x}"
    ),
    alerts("alerts-unset-variable", "  channels: {a: {type: slack, webhook: \"${SLACK_URL}\"}}"),
    BadInput(
      name: "alerts-sync-of-the-same-name",
      files: [
        "sluice.yml": """
        sources: {shop: {type: sqlite, path: shop.db}}
        destinations: {events: {type: kafka, brokers: embedded}}
        alerts: {rules: []}
        """,
        "syncs/alerts.yml": "model: customers\ntopic: customers\nkey: {column: id}\n",
      ]
    ),
  ]
}
