#include "tasks/org_knowledge.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"

namespace tasks {

namespace {

base::Result<FieldLengths> read_field_lengths(std::string_view describe, const std::string& object) {
  base::Result<nlohmann::json> document = base::parse_json(describe);
  if (!document) return std::move(document).error();
  auto fields = document->find("fields");
  if (fields == document->end() || !fields->is_array())
    return base::Error{org_describe_unreadable, fmt::format("the org's description of {} lists no fields", object)};
  FieldLengths lengths;
  for (const nlohmann::json& field : *fields) {
    auto name = field.find("name");
    auto length = field.find("length");
    if (name == field.end() || length == field.end() || !name->is_string() || !length->is_number_integer()) continue;
    if (length->get<std::int64_t>() > 0)
      lengths.emplace(folded_name(name->get<std::string>()), length->get<std::size_t>());
  }
  return lengths;
}

}  // namespace

base::awaitable<base::Result<std::shared_ptr<const FieldLengths>>> OrgKnowledge::lengths(std::string account_id,
                                                                                         std::string object) {
  auto key = std::make_pair(account_id, object);
  if (auto known = lengths_.find(key); known != lengths_.end()) co_return known->second;
  connectors::salesforce::CallOptions options;
  base::Result<base::JsonText> describe = co_await client_->describe(std::move(account_id), object, std::move(options));
  if (!describe) co_return describe.error();
  base::Result<FieldLengths> lengths = read_field_lengths(describe->text, object);
  if (!lengths) co_return lengths.error();
  auto shared = std::make_shared<const FieldLengths>(*std::move(lengths));
  lengths_[std::move(key)] = shared;
  co_return std::shared_ptr<const FieldLengths>(shared);
}

}  // namespace tasks
