// A question for records, as it is frozen: the parts of a query, from which the query is built again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/salesforce/soql.hpp"

namespace tasks {

struct RecordQuestion {
  struct Equals {
    std::string field;
    base::Value value;
    connectors::salesforce::LiteralKind kind = connectors::salesforce::LiteralKind::text;
  };

  std::string object;
  std::vector<std::string> select{};
  std::vector<Equals> where{};
  std::string order_by{};
  bool descending = false;
  std::size_t limit = 2;
};

// An error names what cannot stand in a query.
base::Result<connectors::salesforce::Soql> to_soql(const RecordQuestion& question);

// With the query's text, for whoever reads the run's history.
base::Result<base::JsonText> to_json(const RecordQuestion& question);
base::Result<RecordQuestion> read_record_question(std::string_view json);

}  // namespace tasks
