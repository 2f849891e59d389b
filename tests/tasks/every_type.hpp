// An object with a field of every type, as an org describes it: tests/fixtures/conversions/Every_Type__c.json.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "connectors/salesforce/object_schema.hpp"
#include "tasks/response_mapping.hpp"
#include "tasks/with.hpp"
#include "tests/support/fixture.hpp"
#include "tests/tasks/task_bench.hpp"

namespace task_bench {

inline std::string every_type_describe() { return support::fixture("conversions/Every_Type__c.json"); }

inline const std::shared_ptr<const connectors::salesforce::ObjectSchema>& every_type() {
  static const auto schema = std::make_shared<const connectors::salesforce::ObjectSchema>(
      *connectors::salesforce::read_object_schema(every_type_describe(), "Every_Type__c"));
  return schema;
}

// A mapping as it stands in a document: {"Text__c": …}.
inline tasks::ResponseMapping a_mapping(const std::string& fields_json) {
  const engine::TaskDefinition definition = a_task("any", R"({"fields":)" + fields_json + "}");
  tasks::With with(definition);
  return with.mapping("fields");
}

// The same, of whose fields the org has told all.
inline tasks::ResponseMapping a_known_mapping(const std::string& fields_json) {
  tasks::ResponseMapping mapping = a_mapping(fields_json);
  base::Status known = mapping.know(every_type(), tasks::Writing::creates);
  if (!known) throw std::runtime_error(known.error().message);
  return mapping;
}

}  // namespace task_bench
