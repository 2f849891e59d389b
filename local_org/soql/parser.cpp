// Reads SOQL's grammar.
#include "local_org/soql/parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "local_org/schema.hpp"
#include "local_org/soql/errors.hpp"
#include "local_org/soql/lexer.hpp"

namespace local_org::soql {
namespace {

constexpr std::size_t query_characters_max = 100'000;
constexpr int nesting_max = 50;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(read_tokens(text)) {}

  Query query() {
    Query query;
    query.text = std::string(text_);
    expect_word("SELECT");
    select_list(query);
    from_and_where(query);
    if (take_word("ORDER")) {
      expect_word("BY");
      do {
        query.order.push_back(order());
      } while (take_sign(","));
    }
    if (take_word("LIMIT")) query.limit = count();
    if (take_word("OFFSET")) query.offset = count();
    if (here().kind != TokenKind::end) throw unexpected(here());
    return query;
  }

 private:
  void select_list(Query& query) {
    if (is_word(here(), "COUNT") && is_sign(ahead(), "(")) {
      take();
      take();
      expect_sign(")");
      query.counts = true;
      return;
    }
    do {
      query.selected.push_back(selected());
    } while (take_sign(","));
  }

  void from_and_where(Query& query) {
    expect_word("FROM");
    query.object = Path{{name()}, previous().offset};
    if (here().kind == TokenKind::name && !is_clause(here())) query.alias = name();
    if (take_word("WHERE")) query.where = condition();
  }

  // It selects one field, and has no clauses behind WHERE.
  std::shared_ptr<const Query> sub_select() {
    auto query = std::make_shared<Query>();
    query->text = std::string(text_);
    expect_word("SELECT");
    query->selected.push_back({path()});
    from_and_where(*query);
    return query;
  }

  Selected selected() {
    if (!is_word(here(), "FIELDS") || !is_sign(ahead(), "(")) return {path()};
    const std::size_t offset = here().offset;
    take();
    take();
    const Token& group = take();
    expect_sign(")");
    if (is_word(group, "ALL")) return {Path{{}, offset}, FieldGroup::all};
    if (is_word(group, "STANDARD")) return {Path{{}, offset}, FieldGroup::standard};
    if (is_word(group, "CUSTOM")) return {Path{{}, offset}, FieldGroup::custom};
    throw unexpected(group);
  }

  // AND and OR do not mix without parentheses.
  Condition condition() {
    if (++nesting_ > nesting_max) throw unexpected(here());
    Condition first = single_condition();
    const bool all = is_word(here(), "AND");
    if (all || is_word(here(), "OR")) {
      Condition joined{all ? ConditionKind::all : ConditionKind::any, {}};
      joined.parts.push_back(std::move(first));
      while (take_word(all ? "AND" : "OR")) joined.parts.push_back(single_condition());
      if (is_word(here(), all ? "OR" : "AND")) throw unexpected(here());
      first = std::move(joined);
    }
    --nesting_;
    return first;
  }

  Condition single_condition() {
    if (take_word("NOT")) {
      if (++nesting_ > nesting_max) throw unexpected(here());
      Condition negation{ConditionKind::negation, {}};
      negation.parts.push_back(single_condition());
      --nesting_;
      return negation;
    }
    if (take_sign("(")) {
      Condition inner = condition();
      expect_sign(")");
      return inner;
    }
    Condition leaf;
    leaf.comparison = comparison();
    return leaf;
  }

  Comparison comparison() {
    Comparison result;
    result.field = path();
    result.op = comparison_operator();
    if (result.op != Operator::in && result.op != Operator::not_in) {
      result.values.push_back(literal());
      return result;
    }
    expect_sign("(");
    if (is_word(here(), "SELECT")) {
      result.sub_select = sub_select();
    } else {
      do {
        result.values.push_back(literal());
      } while (take_sign(","));
    }
    expect_sign(")");
    return result;
  }

  Operator comparison_operator() {
    static constexpr std::pair<std::string_view, Operator> signs[] = {{"=", Operator::equal},
                                                                      {"!=", Operator::not_equal},
                                                                      {"<>", Operator::not_equal},
                                                                      {"<", Operator::less},
                                                                      {"<=", Operator::less_or_equal},
                                                                      {">", Operator::greater},
                                                                      {">=", Operator::greater_or_equal}};
    for (const auto& [sign, op] : signs) {
      if (take_sign(sign)) return op;
    }
    if (take_word("LIKE")) return Operator::like;
    if (take_word("IN")) return Operator::in;
    if (take_word("NOT")) {
      expect_word("IN");
      return Operator::not_in;
    }
    throw unexpected(here());
  }

  Literal literal() {
    const Token& token = take();
    switch (token.kind) {
      case TokenKind::string: return {LiteralKind::string, token.text, token.offset};
      case TokenKind::number: return {LiteralKind::number, token.text, token.offset};
      case TokenKind::date: return {LiteralKind::date, token.text, token.offset};
      case TokenKind::datetime: return {LiteralKind::datetime, token.text, token.offset};
      default: break;
    }
    if (is_word(token, "NULL")) return {LiteralKind::null, "", token.offset};
    if (is_word(token, "TRUE")) return {LiteralKind::boolean, "true", token.offset};
    if (is_word(token, "FALSE")) return {LiteralKind::boolean, "false", token.offset};
    throw unexpected(token);
  }

  Order order() {
    Order order;
    order.field = path();
    if (take_word("DESC")) {
      order.descending = true;
    } else {
      take_word("ASC");
    }
    if (take_word("NULLS")) {
      order.nulls_last = take_word("LAST");
      if (!order.nulls_last) expect_word("FIRST");
    }
    return order;
  }

  Path path() {
    Path path{{}, here().offset};
    do {
      path.names.push_back(name());
    } while (take_sign("."));
    return path;
  }

  std::string name() {
    if (here().kind != TokenKind::name || (is_clause(here()) && !is_sign(ahead(), "."))) throw unexpected(here());
    return take().text;
  }

  std::int64_t count() {
    const Token& token = take();
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
    const bool whole = fault == std::errc() && end == token.text.data() + token.text.size() && number >= 0;
    if (token.kind != TokenKind::number || !whole) throw unexpected(token);
    return number;
  }

  static bool is_clause(const Token& token) {
    static constexpr std::string_view words[] = {"SELECT", "FROM",   "WHERE", "ORDER", "LIMIT", "OFFSET",
                                                 "GROUP",  "HAVING", "WITH",  "USING", "FOR",   "TYPEOF"};
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return is_word(token, word); });
  }
  static bool is_word(const Token& token, std::string_view word) {
    return token.kind == TokenKind::name && same_name(token.text, word);
  }
  static bool is_sign(const Token& token, std::string_view sign) {
    return token.kind == TokenKind::sign && token.text == sign;
  }

  const Token& here() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const Token& previous() const { return tokens_[at_ - 1]; }
  const Token& take() { return here().kind == TokenKind::end ? here() : tokens_[at_++]; }
  bool take_word(std::string_view word) {
    if (!is_word(here(), word)) return false;
    ++at_;
    return true;
  }
  bool take_sign(std::string_view sign) {
    if (!is_sign(here(), sign)) return false;
    ++at_;
    return true;
  }
  void expect_word(std::string_view word) {
    if (!take_word(word)) throw unexpected(here());
  }
  void expect_sign(std::string_view sign) {
    if (!take_sign(sign)) throw unexpected(here());
  }

  ApiError unexpected(const Token& token) const {
    return query_error("MALFORMED_QUERY", text_, token.offset, fmt::format("unexpected token: '{}'", token.text));
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};

}  // namespace

std::string Path::text() const {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ".").append(name);
  return text;
}

Query parse(std::string_view text) {
  if (text.size() > query_characters_max) {
    throw ApiError{400, "MALFORMED_QUERY", "SOQL statement is longer than 100,000 characters"};
  }
  return Parser(text).query();
}

}  // namespace local_org::soql
