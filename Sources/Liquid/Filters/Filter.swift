/// Every filter, by its name in templates.
enum Filter: String, CaseIterable {
  case abs, append, base64Decode = "base64_decode", base64Encode = "base64_encode"
  case base64URLSafeDecode = "base64_url_safe_decode"
  case base64URLSafeEncode = "base64_url_safe_encode"
  case atLeast = "at_least"
  case atMost = "at_most"
  case capitalize, ceil, compact, concat, date
  case `default`
  case dividedBy = "divided_by"
  case downcase, escape, h
  case escapeOnce = "escape_once"
  case find
  case findIndex = "find_index"
  case first, floor, has, join, last, lstrip, map, minus, modulo
  case newlineToBr = "newline_to_br"
  case plus, prepend, reject, remove
  case removeFirst = "remove_first"
  case removeLast = "remove_last"
  case replace
  case replaceFirst = "replace_first"
  case replaceLast = "replace_last"
  case reverse, round, rstrip, size, slice, sort
  case sortNatural = "sort_natural"
  case split, squish, strip
  case stripHTML = "strip_html"
  case stripNewlines = "strip_newlines"
  case sum, times, truncate, truncatewords, uniq, upcase
  case urlDecode = "url_decode"
  case urlEncode = "url_encode"
  case `where`

  // Not Shopify's.
  case json, raw, sha1, sha256, md5
  case hmacSHA1 = "hmac_sha1"
  case hmacSHA256 = "hmac_sha256"
  case toNumber = "to_number"
  case toInteger = "to_integer"
  case toBoolean = "to_boolean"
  case parseJSON = "parse_json"
  case uuidV5 = "uuid_v5"
  case compactObject = "compact_object"
  case only, except, keys, values, merge

  /// Whether Shopify's Liquid does not have it.
  var isOwn: Bool {
    switch self {
    case .json, .raw, .sha1, .sha256, .md5, .hmacSHA1, .hmacSHA256, .toNumber, .toInteger,
      .toBoolean, .parseJSON, .uuidV5, .compactObject, .only, .except, .keys, .values, .merge:
      true
    default: false
    }
  }

  /// How many arguments it takes besides its input.
  var arity: ClosedRange<Int> {
    switch self {
    case .abs, .base64Decode, .base64Encode, .base64URLSafeDecode, .base64URLSafeEncode,
      .capitalize, .ceil, .downcase, .escape, .h, .escapeOnce, .first, .floor, .last, .lstrip,
      .newlineToBr, .reverse, .rstrip, .size, .squish, .strip, .stripHTML, .stripNewlines,
      .upcase, .urlDecode, .urlEncode, .json, .raw, .sha1, .sha256, .md5, .toNumber, .toInteger,
      .toBoolean, .parseJSON, .compactObject, .keys, .values:
      0...0
    case .append, .atLeast, .atMost, .concat, .date, .dividedBy, .map, .minus, .modulo, .plus,
      .prepend, .remove, .removeFirst, .removeLast, .split, .times, .hmacSHA1, .hmacSHA256,
      .uuidV5, .merge:
      1...1
    case .compact, .join, .round, .sort, .sortNatural, .sum, .uniq: 0...1
    case .default, .truncate, .truncatewords: 0...2
    case .find, .findIndex, .has, .reject, .where, .replace, .replaceFirst, .replaceLast,
      .slice:
      replacesExactly ? 2...2 : 1...2
    case .only, .except: 1...Int.max
    }
  }

  private var replacesExactly: Bool { self == .replaceLast }

  static func arityMessage(_ filter: Filter, given: Int) -> String {
    let arity = filter.arity
    let expected =
      arity.upperBound == Int.max
      ? "\(arity.lowerBound + 1)+"
      : arity.count == 1
        ? "\(arity.lowerBound + 1)" : "\(arity.lowerBound + 1)..\(arity.upperBound + 1)"
    return "wrong number of arguments (given \(given + 1), expected \(expected))"
  }
}
