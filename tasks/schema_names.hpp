// The names that one task's document uses, looked up in an org's schema: what is not there is noted at its place, with
// the name that may have been meant.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/findings.hpp"
#include "engine/definition.hpp"
#include "tasks/org_schema.hpp"

namespace tasks {

class SchemaNames {
 public:
  SchemaNames(const engine::TaskDefinition& task, const OrgSchema& org) : at_(task.pointer() + "/with"), org_(org) {}

  // `at` is a pointer below the task's `with`, here and in what follows.
  void note(std::string_view code, std::string_view at, std::string message, std::string hint = "",
            base::Severity severity = base::Severity::error);
  void take(base::Findings more);
  base::Findings take_findings() { return std::move(findings_); }
  // The pointer in the whole document.
  std::string pointer(std::string_view at) const { return at_ + std::string(at); }

  // Null, and noted, where the org has none such.
  SharedObject known_object(std::string_view name, std::string_view at);
  const connectors::salesforce::FieldSchema* known_field(const connectors::salesforce::ObjectSchema& object,
                                                         std::string_view name, std::string_view at);
  // By its name in paths: Account, Contact__r.
  const connectors::salesforce::FieldSchema* known_relationship(const connectors::salesforce::ObjectSchema& object,
                                                                std::string_view name, std::string_view at);
  // A field of a parent, e.g. Account.Name, over as many lookups as there are.
  const connectors::salesforce::FieldSchema* known_path(SharedObject object, std::string_view path,
                                                        std::string_view at);
  // The object to which `lookup` leads. One that the schema does not hold is only warned of: it may be there.
  SharedObject object_behind(const connectors::salesforce::FieldSchema& lookup, std::string_view object,
                             std::string_view at);

 private:
  std::string at_;
  const OrgSchema& org_;
  base::Findings findings_{};
};

// "did you mean 'Score__c'?", or "" where none is near enough.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names);
// Which fields of the object a record can be named by.
std::string hint_for_keys(const connectors::salesforce::ObjectSchema& object);

}  // namespace tasks
