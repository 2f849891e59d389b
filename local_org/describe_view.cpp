// Describe documents as one user sees them.
#include "local_org/describe_view.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "local_org/record_types.hpp"

namespace local_org {
namespace {

// Its key order is the order of the answer.
using DescribeView = nlohmann::ordered_json;

void allow_only(DescribeView& flags, const char* name, bool allowed) {
  const auto flag = flags.find(name);
  if (flag != flags.end() && !allowed) *flag = false;
}

void restrict_object(DescribeView& describe, const ObjectRights& rights) {
  allow_only(describe, "createable", rights.create);
  allow_only(describe, "updateable", rights.edit);
  allow_only(describe, "deletable", rights.remove);
  allow_only(describe, "undeletable", rights.remove);
  allow_only(describe, "mergeable", rights.remove);
}

DescribeView visible_fields(const DescribeView& all, const Object& object, const Access& access) {
  DescribeView visible = DescribeView::array();
  for (const DescribeView& one : all) {
    const Field* field = object.find(one.at("name").get<std::string>());
    const FieldRights rights = field ? access.to(object, *field) : all_field_rights;
    if (!rights.read) continue;
    visible.push_back(one);
    allow_only(visible.back(), "createable", rights.edit);
    allow_only(visible.back(), "updateable", rights.edit);
  }
  return visible;
}

DescribeView visible_children(const DescribeView& all, const Access& access, const Schema& schema) {
  DescribeView visible = DescribeView::array();
  for (const DescribeView& one : all) {
    const Object* child = schema.find(one.at("childSObject").get<std::string>());
    const Field* lookup = child ? child->find(one.at("field").get<std::string>()) : nullptr;
    const bool is_hidden = (child && !access.may_read(*child)) || (lookup && !access.may_read(*child, *lookup));
    if (!is_hidden) visible.push_back(one);
  }
  return visible;
}

// All of them are told; which ones the user may use, and which one is its default, is its profile's matter.
DescribeView record_types_for(DescribeView types, const Object& object, const Access& access) {
  const RecordType* standard = default_record_type(object, access);
  for (DescribeView& one : types) {
    const bool is_master = one.at("master").get<bool>();
    const std::string name = one.at("developerName").get<std::string>();
    const auto type = std::find_if(object.record_types.begin(), object.record_types.end(),
                                   [&](const RecordType& known) { return known.developer_name == name; });
    one["available"] = is_master || (type != object.record_types.end() && is_available(*type, object, access));
    one["defaultRecordTypeMapping"] = is_master ? !standard : standard && standard->developer_name == name;
  }
  return types;
}

}  // namespace

std::string describe_for(const Object& object, const Access& access) {
  DescribeView describe = DescribeView::parse(object.describe);
  restrict_object(describe, access.to(object));
  describe["fields"] = visible_fields(describe.at("fields"), object, access);
  describe["childRelationships"] = visible_children(describe.at("childRelationships"), access, access.schema());
  describe["recordTypeInfos"] = record_types_for(describe.at("recordTypeInfos"), object, access);
  return describe.dump();
}

std::string summary_for(const Object& object, const Access& access) {
  DescribeView summary = DescribeView::parse(object.summary);
  restrict_object(summary, access.to(object));
  return summary.dump();
}

}  // namespace local_org
