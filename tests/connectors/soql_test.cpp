// SOQL: values cannot leave their literal, names cannot be anything else.
#include "connectors/salesforce/soql.hpp"

#include <optional>

#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "connectors/errors.hpp"

using connectors::salesforce::LiteralKind;
using connectors::salesforce::Soql;
using connectors::salesforce::soql_literal;
using connectors::salesforce::SoqlBuilder;

namespace {

// Reads one SOQL text literal by Salesforce's rules: \n \r \t \b \f \" \' \\ \uXXXX, and a backslash before anything
// else is an error. nullopt unless the literal ends exactly where the text ends.
std::optional<std::string> decoded(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '\'') return std::nullopt;
  std::string out;
  for (std::size_t at = 1; at < literal.size(); ++at) {
    char c = literal[at];
    if (c == '\'') return at + 1 == literal.size() ? std::optional(out) : std::nullopt;
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    if (++at >= literal.size()) return std::nullopt;
    constexpr std::string_view escapes = "nrtbf\"'\\";
    constexpr std::string_view meanings = "\n\r\t\b\f\"'\\";
    if (literal[at] == 'u') {
      out.push_back(static_cast<char>(std::stoi(std::string(literal.substr(at + 1, 4)), nullptr, 16)));
      at += 4;
    } else if (std::size_t which = escapes.find(literal[at]); which != std::string_view::npos) {
      out.push_back(meanings[which]);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("any text comes back from its literal as it went in") {
  base::SeededRandom random(20261124);
  constexpr std::string_view alphabet = "\\'\"\n\r\t\b\f\x01\x1f%_a Z9;-é";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t left = 1 + random.below(12); left > 0; --left)
      text.push_back(alphabet[random.below(alphabet.size())]);
    base::Result<std::string> literal = soql_literal(base::Value(text));
    REQUIRE(literal);
    REQUIRE(decoded(*literal) == text);
  }
}

TEST_CASE("literals are written as their kind demands") {
  struct Case {
    base::Value value;
    LiteralKind kind;
    const char* literal;
  };
  const Case cases[] = {
      {"it's", LiteralKind::text, R"('it\'s')"},
      {"ends in \\", LiteralKind::text, R"('ends in \\')"},
      {base::number("7.50"), LiteralKind::text, "'7.50'"},
      {base::Value(true), LiteralKind::text, "'true'"},
      {base::number("12.50"), LiteralKind::number, "12.50"},
      {"-3", LiteralKind::number, "-3"},
      {base::number("1.5e3"), LiteralKind::number, "1500"},
      {base::Value(false), LiteralKind::boolean, "false"},
      {"true", LiteralKind::boolean, "true"},
      {"2026-01-31", LiteralKind::date, "2026-01-31"},
      {"2026-01-31T12:00:00+02:00", LiteralKind::datetime, "2026-01-31T10:00:00Z"},
      {"2026-01-31T12:00:00.250Z", LiteralKind::datetime, "2026-01-31T12:00:00.250Z"},
      {base::Blank{}, LiteralKind::text, "null"},
      {"", LiteralKind::number, "null"},
  };
  for (const Case& one : cases) {
    base::Result<std::string> literal = soql_literal(one.value, one.kind);
    INFO(one.literal);
    REQUIRE(literal);
    CHECK(*literal == one.literal);
  }
}

TEST_CASE("a value that is no literal of its kind is refused") {
  const std::pair<base::Value, LiteralKind> cases[] = {
      {"1 OR Id != null", LiteralKind::number},
      {"0x10", LiteralKind::number},
      {"1.", LiteralKind::number},
      {"+1", LiteralKind::number},
      {"nan", LiteralKind::number},
      {base::number("1e999"), LiteralKind::number},
      {"yes", LiteralKind::boolean},
      {"True", LiteralKind::boolean},
      {"2026-02-30", LiteralKind::date},
      {"1699-12-31", LiteralKind::date},
      {"2026-1-31", LiteralKind::date},
      {"2026-01-31T00:00:00Z", LiteralKind::date},
      {"TODAY", LiteralKind::date},
      {"2026-01-31 12:00:00", LiteralKind::datetime},
      {base::List{"a", "b"}, LiteralKind::text},
      {std::string(4001, 'x'), LiteralKind::text},
  };
  for (const auto& [value, kind] : cases) {
    base::Result<std::string> literal = soql_literal(value, kind);
    INFO(base::to_text(value).substr(0, 40));
    REQUIRE_FALSE(literal);
    CHECK(literal.error().code == connectors::soql_invalid);
  }
}

TEST_CASE("a text may hold 4,000 characters, however many bytes they take") {
  std::string text;
  for (int i = 0; i < 4'000; ++i) text += "é";

  CHECK(soql_literal(base::Value(text)));
}

TEST_CASE("a query is built from checked names and encoded values") {
  base::Result<Soql> query = SoqlBuilder("Contact")
                                 .select("Id")
                                 .select("Account.Owner.Name")
                                 .where_equals("Email", "o'hara@example.com")
                                 .where_equals("Score__c", base::number(7), LiteralKind::number)
                                 .order_by("CreatedDate", true)
                                 .order_by("Name")
                                 .limit(2)
                                 .build();

  REQUIRE(query);
  CHECK(query->text() ==
        "SELECT Id, Account.Owner.Name FROM Contact WHERE Email = 'o\\'hara@example.com' AND Score__c = 7 "
        "ORDER BY CreatedDate DESC, Name ASC LIMIT 2");
}

TEST_CASE("a name that cannot be an API name never gets into a query") {
  const char* names[] = {"",         "Id, Name", "Id--", "1Name", "Name'", "Name_", "FIELDS(ALL)", "a.b.c.d.e.f.g",
                         "Account.", ".Id",      "Naïve"};
  for (const char* name : names) {
    INFO(name);
    CHECK_FALSE(SoqlBuilder("Contact").select(name).build());
    CHECK_FALSE(SoqlBuilder("Contact").select("Id").where_equals(name, "x").build());
    CHECK_FALSE(SoqlBuilder("Contact").select("Id").order_by(name).build());
    CHECK_FALSE(SoqlBuilder(name).select("Id").build());
  }
  CHECK_FALSE(SoqlBuilder("Contact").build());
}

TEST_CASE("the error of a query names the field whose value is wrong") {
  base::Result<Soql> query =
      SoqlBuilder("Lead").select("Id").where_equals("Birthdate", "tomorrow", LiteralKind::date).build();

  REQUIRE_FALSE(query);
  CHECK(query.error().message == "Birthdate: 'tomorrow' is no date (YYYY-MM-DD)");
}
