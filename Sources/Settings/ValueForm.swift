/// How a user writes the value of a topic, key, partition, header or member.
public enum ValueForm: Sendable, Hashable {
  /// A plain string without template syntax: itself.
  case text(String)
  /// `{column: NAME}`.
  case column(String)
  /// `{template: TEXT}`, or a plain string with template syntax.
  case template(String)
  /// `{template_file: PATH}`: the file's text and its path as it is shown.
  case templateFile(text: String, path: String)
  /// `{jmespath: EXPR}`.
  case jmespath(String)
  /// `{value: LITERAL}`.
  case literal(Literal)
  /// `{variable: NAME}`, such as `change` or `previous.email`.
  case variable(String)
  /// `{primary_key: true}`, for keys: the only column's text, or a JSON array of several columns.
  case primaryKey
  /// `{event_id: true}`, for keys.
  case eventID

  /// The text that it is for every row; nil if rows decide.
  public var constantText: String? {
    switch self {
    case .text(let text), .literal(.string(let text)): text
    case .literal(.null), .literal(.boolean), .literal(.number), .literal(.json), .column,
      .template, .templateFile, .jmespath, .variable, .primaryKey, .eventID:
      nil
    }
  }
}

/// A constant out of YAML.
public enum Literal: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A number, by the JSON text of it.
  case number(String)
  /// A string.
  case string(String)
  /// A list or map, as compact JSON.
  case json(String)
}

/// One member of a body made of columns.
public indirect enum MemberForm: Sendable {
  /// A value.
  case value(Located<ValueForm>)
  /// A nested object, in the order in which it was written.
  case object([NamedMember])
}

/// A member and its name.
public struct NamedMember: Sendable {
  /// Name in the JSON.
  public let name: String
  /// What it holds.
  public let form: MemberForm

  /// Names a member.
  public init(name: String, form: MemberForm) {
    self.name = name
    self.form = form
  }
}

/// How a user writes the body of a message.
public enum BodyForm: Sendable {
  /// Every column of the model, in its order.
  case allColumns
  /// These columns, in this order.
  case columns([Located<String>])
  /// An object made member by member.
  case object([NamedMember])
  /// One column that holds the whole JSON.
  case column(Located<String>)
  /// A Liquid template in JSON mode.
  case template(Located<String>)
  /// The same out of a file: its text and its path as it is shown.
  case templateFile(text: String, path: Located<String>)
  /// A JMESPath expression.
  case jmespath(Located<String>)
  /// A null value.
  case tombstone
}
