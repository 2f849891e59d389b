// A SOQL query as it was written, before anybody looks whether its names exist.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace local_org::soql {

// `Contact__r.Email`. `offset` is its place in the query's text.
struct Path {
  std::vector<std::string> names;
  std::size_t offset = 0;

  std::string text() const;
};

struct Query;

enum class LiteralKind { null, boolean, number, string, date, datetime };

struct Literal {
  LiteralKind kind = LiteralKind::null;
  std::string text;  // a string keeps its escapes, because LIKE reads them differently
  std::size_t offset = 0;
};

enum class Operator { equal, not_equal, less, less_or_equal, greater, greater_or_equal, like, in, not_in };

struct Comparison {
  Path field;
  Operator op = Operator::equal;
  std::vector<Literal> values{};              // one, or any number for IN and NOT IN
  std::shared_ptr<const Query> sub_select{};  // instead of values: IN (SELECT …), a semi-join
};

enum class ConditionKind { all, any, negation, comparison };

struct Condition {
  ConditionKind kind = ConditionKind::comparison;
  std::vector<Condition> parts;  // one for a negation
  Comparison comparison{};
};

struct Order {
  Path field;
  bool descending = false;
  bool nulls_last = false;
};

enum class FieldGroup { all, standard, custom };

struct Selected {
  Path field;
  std::optional<FieldGroup> group{};  // FIELDS(…) instead of a field
};

struct Query {
  std::string text;     // for the place in error messages
  bool counts = false;  // SELECT COUNT()
  std::vector<Selected> selected;
  Path object;  // one name
  std::string alias;
  std::optional<Condition> where;
  std::vector<Order> order;
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
};

}  // namespace local_org::soql
