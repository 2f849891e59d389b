#include "connectors/salesforce/org_needs.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace connectors::salesforce {

namespace {

void add_once(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

void add_field_need(std::vector<FieldNeed>& fields, FieldNeed need) {
  for (FieldNeed& known : fields) {
    if (!same_api_name(known.name, need.name)) continue;
    known.read |= need.read;
    known.create |= need.create;
    known.update |= need.update;
    known.length = std::max(known.length, need.length);
    for (std::string& constant : need.constants) add_once(known.constants, std::move(constant));
    return;
  }
  fields.push_back(std::move(need));
}

void join(ObjectNeed& known, ObjectNeed need) {
  known.create |= need.create;
  known.update |= need.update;
  known.remove |= need.remove;
  known.search |= need.search;
  known.any_record_type |= need.any_record_type;
  for (FieldNeed& field : need.fields) add_field_need(known.fields, std::move(field));
  for (std::string& type : need.record_types) add_once(known.record_types, std::move(type));
}

}  // namespace

void OrgNeeds::add(ObjectNeed need) {
  auto known = std::find_if(objects.begin(), objects.end(),
                            [&](const ObjectNeed& other) { return same_api_name(other.object, need.object); });
  if (known == objects.end()) known = objects.insert(objects.end(), ObjectNeed{.object = need.object});
  join(*known, std::move(need));
}

}  // namespace connectors::salesforce
