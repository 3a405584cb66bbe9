@testable import Configuration
import Foundation
import Reports
import Settings
import Testing
import Values

/// The JSON Schemas against the reader, in both directions.
@Suite struct SchemaTests {
  /// Values of every kind, among them what a key may have and what it may not.
  private static let values: [Value] = [
    .null, .bool(true), .integer(-1), .integer(0), .integer(5), .integer(5_000_000_000_000_000),
    .string(""), .string("q0q"), .string("true"), .string("5"), .string("0x1F"), .string("5s"),
    .string("10%"), .string("3x"), .string("1MiB"), .string("none"), .array([]),
    .array([.string("q0q")]), .array([.integer(5)]), .array([.array([.integer(1)])]),
    .object(Object()), .object(Object([("q0q", .integer(1))])),
  ]

  private static let kinds: [Configuration.SchemaKind] = [.config, .sync, .test, .model]

  @Test(arguments: kinds)
  func `what the schema refuses the reader refuses, and the other way`(
    _ kind: Configuration.SchemaKind
  ) throws {
    let check = SchemaCheck(kind)
    let project = try Self.project(kind)
    for place in KeyPlace.all(of: kind) {
      let texts = Self.values.map { place.text($0) }
      let answers = try Self.told(texts.map(\.yaml), kind, project)
      for ((value, told), text) in zip(zip(Self.values, answers), texts) {
        let isValid = check.isValid(try #require(Value(parsing: text.json)))
        let complaint = "\(place.path): \(value.jsonText): \(told)"
        if !isValid { #expect(told != [], "\(complaint): the reader takes it") }
        let isType = told.contains { $0.hasPrefix("expected ") }
        if isType, place.shape.isClosed || !value.isText {
          #expect(!isValid, "\(complaint): the schema takes it")
        }
        #expect(!told.contains { $0.hasPrefix("unknown key '\(place.name)'") }, "\(complaint)")
      }
    }
  }

  @Test(
    .enabled(if: SchemaCheck.python != nil, "no Python with jsonschema here"),
    arguments: kinds
  )
  func `what these tests take for valid, jsonschema takes for valid`(
    _ kind: Configuration.SchemaKind
  ) throws {
    let check = SchemaCheck(kind)
    let documents = KeyPlace.all(of: kind).flatMap { place in
      Self.values.map { place.text($0).json }
    }
    #expect(documents.count > 60)
    let verdicts = try documents.map { check.isValid(try #require(Value(parsing: $0))) }
    let foreign = try #require(SchemaCheck.foreign(kind, documents))
    #expect(foreign.count == verdicts.count)
    for (index, verdict) in zip(foreign.indices, foreign) where verdict != verdicts[index] {
      Issue.record("jsonschema says \(verdict) of \(documents[index])")
    }
  }

  /// A project without files that say nothing of the kind: thousands are read.
  private static func project(_ kind: Configuration.SchemaKind) throws -> TemporaryProject {
    let others = ["syncs/customers.yml": String?.none, "models/customers.sql": nil]
    return try TemporaryProject(kind == .config ? others : [:])
  }

  /// The errors of the line of the value, for each of some files: syncs and models are read together.
  private static func told(
    _ yamls: [String],
    _ kind: Configuration.SchemaKind,
    _ project: TemporaryProject
  ) throws -> [[String]] {
    guard kind == .sync || kind == .model else {
      return try yamls.map { try told($0, kind, project) }
    }
    let paths = yamls.indices.map { kind == .sync ? "syncs/v\($0).yml" : "models/v\($0).sql" }
    for (path, yaml) in zip(paths, yamls) {
      try project.write(Data(text(yaml, kind).utf8), to: path)
    }
    let all = Configuration.load(directory: project.directory, environment: [:]).diagnostics
    // No more than a hundred are told.
    #expect(all.count <= 100)
    return paths.map { errors(all, $0, line: kind == .sync ? 2 : 3) }
  }

  /// What a file of the kind says with `yaml` in it.
  private static func text(_ yaml: String, _ kind: Configuration.SchemaKind) -> String {
    guard kind == .model else { return yaml }
    let lines = yaml.replacingOccurrences(of: "\n", with: "\n-- ")
    return "-- ---\n-- \(lines)\n-- ---\nSELECT 1"
  }

  /// The errors of one line.
  private static func errors(
    _ diagnostics: [Diagnostic],
    _ path: String,
    line: Int
  ) -> [String] {
    diagnostics.filter {
      $0.severity == .error && $0.location?.file == path && $0.location?.line == line
    }.map(\.message)
  }

  /// The errors of the line of the value.
  private static func told(
    _ yaml: String,
    _ kind: Configuration.SchemaKind,
    _ project: TemporaryProject
  ) throws -> [String] {
    let (path, line) =
      switch kind {
      case .config, .environment: ("sluice.yml", 2)
      case .sync: ("syncs/customers.yml", 2)
      case .test: ("syncs/customers.test.yml", 2)
      case .model: ("models/customers.sql", 3)
      }
    try project.write(Data(text(yaml, kind).utf8), to: path)
    let result = Configuration.load(
      directory: project.directory,
      environment: [:],
      withTests: kind == .test
    )
    return errors(result.diagnostics, path, line: line)
  }

  @Test(arguments: kinds) func `a key that nobody reads is refused by both`(
    _ kind: Configuration.SchemaKind
  ) throws {
    let check = SchemaCheck(kind)
    let project = try TemporaryProject()
    var tables: Set<String> = []
    // The last key of a table is rarely the one that says what it is.
    for place in KeyPlace.all(of: kind).reversed() where tables.insert(place.parent).inserted {
      let stranger = KeyPlace(
        kind: kind,
        path: place.parent + "/q0q",
        shape: .any
      ) { value in place.document(.string("@")).replacing(place.name, by: ("q0q", value)) }
      let (yaml, json) = stranger.text(.integer(1))
      #expect(!check.isValid(try #require(Value(parsing: json))), "\(json)")
      let told = try Self.told(yaml, kind, project)
      #expect(told.contains { $0.hasPrefix("unknown key") }, "\(place.parent): \(told): \(yaml)")
    }
    #expect(tables.count > (kind == .config ? 30 : 0))
  }

  @Test func `what is required is missed by both`() throws {
    for kind in Self.kinds {
      let check = SchemaCheck(kind)
      #expect(!check.isValid(kind == .test ? .array([.object(Object())]) : .object(Object())))
    }
    let project = try TemporaryProject(["syncs/customers.yml": "topic: t", "sluice.yml": "{}"])
    let messages = project.load().diagnostics.map(\.message)
    #expect(messages.contains("the key 'sources' is missing"))
  }

  private static let overlays: [(yaml: String, isValid: Bool)] = [
    ("{}", true), ("{timezone: null}", true), ("{sources: {a: {path: null, url: x}}}", true),
    ("{destinations: {e: {brokers: [a, b], tls: null}}}", true), ("{sources: null}", true),
    ("{environments: {required: true}}", false), ("{sources: {a: {bogus: 1}}}", false),
    ("{destinations: {e: {tls: maybe}}}", false), ("{alerts: {rules: [{on: failed}]}}", false),
    ("{defaults: {triggers: {removed: {message: {column: null, template: x}}}}}", true),
  ]

  @Test(.enabled(if: SchemaCheck.python != nil, "no Python with jsonschema here"))
  func `what these tests take for a valid environment, jsonschema takes for one`() throws {
    let documents = try Self.overlays.map { try #require(Value(yaml: $0.yaml)).jsonText }
    let foreign = try #require(SchemaCheck.foreign(.environment, documents))
    #expect(foreign == Self.overlays.map(\.isValid))
  }

  @Test(arguments: overlays)
  func `an environment may leave out and remove what the project has`(
    _ yaml: String,
    _ isValid: Bool
  ) throws {
    let document = try #require(Value(yaml: yaml))
    #expect(SchemaCheck(.environment).isValid(document) == isValid)
  }
}

extension KeyPlace {
  fileprivate var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
  fileprivate var parent: String { path.split(separator: "/").dropLast().joined(separator: "/") }
}

extension Value {
  fileprivate var isText: Bool {
    switch self {
    case .string: true
    case .array(let items): !items.isEmpty && items.allSatisfy(\.isText)
    default: false
    }
  }

  /// The same with one member, wherever it is, in the place of another.
  fileprivate func replacing(_ name: String, by member: (String, Value)) -> Value {
    switch self {
    case .object(let object):
      let members = zip(object.keys, object.values).map { key, value in
        key == name && value == .string("@") ? member : (key, value.replacing(name, by: member))
      }
      return .object(Object(members))
    case .array(let items): return .array(items.map { $0.replacing(name, by: member) })
    default: return self
    }
  }
}
