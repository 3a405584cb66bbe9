extension BadInput {
  /// Files with unit tests.
  static let tests: [BadInput] = [
    .test("tests-not-a-list", "name: a\nchange: added\n"),
    .test("tests-empty", ""),
    .test("tests-case-is-text", "- a case\n- 5\n"),
    .test("tests-keys-missing", "- {}\n- {name: a}\n"),
    .test(
      "tests-unknown-keys",
      "- {name: a, change: added, row: {id: 1}, expct: {}, before: {}}\n"
    ),
    .test("tests-change", "- {name: a, change: insert, row: {id: 1}}\n"),
    .test("tests-names-twice", "- &a {name: a, change: added, row: {id: 1}}\n- *a\n"),
    .test("tests-row-is-list", "- {name: a, change: added, row: [1, 2]}\n"),
    .test("tests-row-without-key", "- {name: a, change: added, row: {email: x}}\n"),
    .test("tests-row-infinity", "- {name: a, change: added, row: {id: .inf}}\n"),
    .test(
      "tests-previous",
      """
      - {name: missing, change: changed, row: {id: 1, email: a}}
      - {name: of an addition, change: added, row: {id: 1}, previous: {id: 1}}
      - {name: another key, change: changed, row: {id: 1, email: a}, previous: {id: 2}}
      - {name: another column, change: changed, row: {id: 1, email: a}, previous: {name: b}}
      """
    ),
    .test(
      "tests-expectations",
      """
      - {name: two, change: added, row: {id: 1}, expect: {key: a}, nothing: true}
      - {name: inside, change: added, row: {id: 1}, expect: {rejected: a}}
      - {name: not nothing, change: added, row: {id: 1}, nothing: false}
      - {name: empty, change: added, row: {id: 1}, expect: {}}
      - {name: unknown, change: added, row: {id: 1}, expect: {topik: a}}
      - {name: no reason, change: added, row: {id: 1}, rejected: null}
      - name: values
        change: added
        row: {id: 1}
        expect: {topic: [a], key: {a: b}, partition: -1, headers: {a: [b]}, message: .nan}
      """
    ),
    .test("tests-variable", "- {name: a, change: added, row: {id: '${UNSET}'}}\n"),
    BadInput(name: "tests-of-nothing", files: ["syncs/custmers.test.yml": "- {}\n"]),
  ]

  private static func test(_ name: String, _ text: String) -> BadInput {
    BadInput(name: name, files: ["syncs/customers.test.yml": text])
  }
}
