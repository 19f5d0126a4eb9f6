#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace toolkit {

/// A statement that would end or change the tool's own transaction or session, and is refused.
struct RefusedStatement {
  std::string words;   ///< its first words, upper case, blanks single: "START TRANSACTION"
  std::string reason;  ///< goes on after the words: "would start a transaction inside the one that …"
  std::string advice;  ///< what to do instead
};

/// The lexical facts of one SQL family, as data. The scanner is one algorithm over this value; no code
/// asks for a dialect's name. Facts are from the servers' manuals (PostgreSQL "Lexical Structure",
/// MySQL "Language Structure", SQLite "Syntax").
struct ScriptSyntax {
  bool dollar_quotes = false;   ///< $tag$ … $tag$ is a string (PostgreSQL, MySQL 9)
  bool escape_strings = false;  ///< E'…' knows backslash escapes, '…' does not (PostgreSQL)
  bool backslash_escapes =
      false;  ///< '…' and "…" know backslash escapes (MySQL without NO_BACKSLASH_ESCAPES)
  bool double_quoted_strings = false;   ///< "…" is a string, not an identifier (MySQL without ANSI_QUOTES)
  bool backquoted_identifiers = false;  ///< `…` (MySQL, SQLite)
  bool bracketed_identifiers = false;   ///< […] (SQLite)
  bool nested_comments = false;         ///< /* /* */ */ (PostgreSQL)
  bool dollar_starts_words = false;     ///< $x is a word (MySQL); elsewhere $ only goes on inside one
  bool hash_comments = false;           ///< # to the end of the line (MySQL)
  bool dash_comments_need_space = false;  ///< -- starts a comment only before a blank or control (MySQL)
  bool executable_comments = false;       ///< /*! … */ and /*M! … */ hold code (MySQL, MariaDB)
  bool delimiter_lines = false;      ///< DELIMITER is a client's word; accepted around one statement (MySQL)
  bool begin_atomic_bodies = false;  ///< CREATE FUNCTION|PROCEDURE … BEGIN ATOMIC … END (PostgreSQL 14)
  bool routine_bodies = false;       ///< CREATE PROCEDURE|FUNCTION|TRIGGER|EVENT … BEGIN … END (MySQL),
                                ///< also BEGIN NOT ATOMIC (MariaDB), labels, IF, CASE, LOOP, REPEAT, WHILE
  bool trigger_bodies = false;  ///< CREATE TRIGGER … BEGIN … END (SQLite)
  bool carriage_return_ends_comment =
      false;                         ///< a lone CR ends a `--` comment (PostgreSQL); elsewhere only LF does
  bool compound_statements = false;  ///< BEGIN NOT ATOMIC … END is a statement (MariaDB)
  char client_command_prefix = 0;    ///< starts a line for the client only: `\` (psql, mysql), `.` (sqlite3)
  std::vector<std::string>
      client_words;         ///< other commands of the client that no statement begins with, upper case
  std::string client_name;  ///< of the client whose words those are, for messages
  std::vector<RefusedStatement> refused_statements;  ///< the first entry that fits counts
  std::vector<RefusedStatement> refused_settings;    ///< targets of SET, upper case: "AUTOCOMMIT" (MySQL)
};

enum class TokenKind { word, quoted_identifier, string, number, symbol, comment, space, semicolon };

/// A token as a byte range [begin, end) of the scanned text.
struct Token {
  TokenKind kind;
  std::size_t begin;
  std::size_t end;
};

/// Pure. Every byte of `text` belongs to exactly one token, in order; never throws, never reads outside
/// `text`; unterminated strings and comments reach to the end. Executable comments: their markers are
/// `comment` tokens, what is between them is tokenised as code. Iterative, linear in the text.
std::vector<Token> tokenize(std::string_view text, const ScriptSyntax& syntax);

/// One statement found in a file: [begin, end) from its first to its last token, without terminator,
/// `;;`, DELIMITER lines and comments around it.
struct StatementRange {
  std::size_t begin;
  std::size_t end;
  /// From where a sender sends, up to `end`: after the BOM for a file's only statement, so that its leading
  /// comments go along; after the DELIMITER line where one stands before it; else `begin`.
  std::size_t send_begin;
};

/// A leading `-- toolkit: WORD …` line: the byte offset of its `--`, its word and the trimmed rest.
struct DirectiveLine {
  std::size_t offset;
  std::string word;
  std::string value;
};

/// What a file holds.
struct ScannedScript {
  std::size_t bom_size = 0;  ///< 0 or 3
  std::vector<StatementRange> statements;
  std::vector<DirectiveLine> directives;            ///< before the first token, in order
  std::vector<DirectiveLine> misplaced_directives;  ///< `-- toolkit:` lines after the first token, or not on
                                                    ///< their own line
  std::vector<DirectiveLine>
      malformed_directives;  ///< `--toolkit: …`, `-- Toolkit: …`, `# toolkit: …` and the like
};

/// Pure. Splits a file's bytes into statements. Several are allowed here (fresh schemas); a migration
/// file asks `scan_migration` instead. Throws Error(files) with the exact position for: invalid UTF-8,
/// a NUL byte, an unterminated string, quoted identifier, dollar quote, comment or body, a DELIMITER line
/// without a delimiter, transaction control and the other `refused_statements`, COPY … FROM STDIN.
/// `path` is used in messages only.
ScannedScript scan_script(std::string_view text, const ScriptSyntax& syntax, const std::string& path);

/// Pure. As `scan_script`, and throws Error(files) that names file, line and the second statement when
/// there is more than one. The result has zero or one statement.
ScannedScript scan_migration(std::string_view text, const ScriptSyntax& syntax, const std::string& path);

/// Pure. The first `count` words of the statement, upper case, comments and blanks skipped; stops at the
/// first token that is no word. Used to classify a statement: {"CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"}.
std::vector<std::string> leading_words(std::string_view statement, const ScriptSyntax& syntax,
                                       std::size_t count);

}  // namespace toolkit
