import Testing

import Text

@Suite struct QueryTextTests {
  @Test(
    arguments: [
      ("SELECT 1;", "SELECT 1 "),
      ("SELECT 1 ; ", "SELECT 1   "),
      ("SELECT 1;;\n;", "SELECT 1  \n "),
      ("SELECT 1; -- end;", "SELECT 1  -- end;"),
      ("SELECT 1; /* a; /* b; */ c; */\n", "SELECT 1  /* a; /* b; */ c; */\n"),
      ("SELECT ';';", "SELECT ';' "),
      ("SELECT 'it''s;';", "SELECT 'it''s;' "),
      ("SELECT E'\\';';", "SELECT E'\\';' "),
      ("SELECT 'a\\';", "SELECT 'a\\' "),
      ("SELECT \"a;b\";", "SELECT \"a;b\" "),
      ("SELECT \"a\"\";b\";", "SELECT \"a\"\";b\" "),
      ("SELECT $$;$$;", "SELECT $$;$$ "),
      ("SELECT $q$;$$;$q$;", "SELECT $q$;$$;$q$ "),
      ("SELECT $ä$;$ä$;", "SELECT $ä$;$ä$ "),
      ("SELECT a$b$ FROM t;", "SELECT a$b$ FROM t "),
      ("SELECT E'a'\n'b\\';';", "SELECT E'a'\n'b\\';' "),
      ("SELECT E'a' -- c\n '\\';' ;", "SELECT E'a' -- c\n '\\';'  "),
      ("SELECT E'a''b\\';';", "SELECT E'a''b\\';' "),
      ("SELECT 1 -- it's;\n;", "SELECT 1 -- it's;\n "),
    ]
  )
  func `semicolons that end the query become blanks`(query: String, expected: String) {
    #expect(QueryText.withoutFinalSemicolon(query, dialect: .postgres) == expected)
  }

  @Test(
    arguments: [
      "", "SELECT 1", "SELECT ';'", "SELECT 1 /* ; */", "SELECT 1 -- ;", "SELECT $$;",
      "SELECT ';", "SELECT /* ;", "SELECT 1; SELECT 2", "SELECT 1; SELECT 2;", "SELECT \";",
      "SELECT E';\\", "SELECT $1", "$", "E'", "SELECT 1; $$ x $$", "/*/ ; */ SELECT 1",
    ]
  )
  func `anything else stays as it is`(query: String) {
    #expect(QueryText.withoutFinalSemicolon(query, dialect: .postgres) == query)
  }
}
