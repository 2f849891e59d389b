// REST resources of the Tooling API: queries for what makes up the org, with its metadata.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/api_error.hpp"
#include "local_org/profile_metadata.hpp"
#include "local_org/rest.hpp"
#include "local_org/soql/errors.hpp"
#include "local_org/soql/parser.hpp"

namespace local_org {
namespace {

// Of this org's objects those that the Tooling API has, too.
constexpr std::array<std::string_view, 6> tooling_objects{"Organization", "PermissionSet", "PermissionSetAssignment",
                                                          "Profile",      "RecordType",    "User"};

bool is_tooling_object(std::string_view name) {
  return std::any_of(tooling_objects.begin(), tooling_objects.end(),
                     [&](std::string_view known) { return same_name(known, name); });
}

// They are made for the one row that is found.
MadeFields take_made_fields(soql::Query& query) {
  const auto takes = [&](std::string_view name) {
    return std::erase_if(query.selected, [&](const soql::Selected& selected) {
             return selected.field.names.size() == 1 && same_name(selected.field.names.front(), name);
           }) > 0;
  };
  return {.metadata = takes("Metadata"), .full_name = takes("FullName")};
}

// The record with a member behind its last.
std::string with_member(std::string record, std::string_view name, std::string_view value) {
  record.pop_back();
  return record.append(",\"").append(name).append("\":").append(value).append("}");
}

}  // namespace

base::http::Response Rest::tooling_query(RestRequest& request) {
  soql::Query query = parsed_query(request);
  const std::string& object = query.object.names.front();
  if (!is_tooling_object(object)) {
    throw soql::query_error("INVALID_TYPE", query.text, query.object.offset,
                            fmt::format("sObject type '{}' is not supported.", object));
  }
  MadeFields made;
  // Who may not look at the setup is told that there is no such column, which is true of the object's table.
  if (same_name(object, "Profile") && request.access.has("PermissionsViewSetup")) made = take_made_fields(query);
  QueryAnswer answer = run_query(request, query, false);
  if (made.metadata || made.full_name) add_made_fields(request, std::move(query), made, answer);
  return first_page(request, std::move(answer));
}

void Rest::add_made_fields(const RestRequest& request, soql::Query query, const MadeFields& made, QueryAnswer& answer) {
  if (answer.records.size() > 1) {
    throw ApiError{400, "MALFORMED_QUERY",
                   "When retrieving results with Metadata or FullName fields, the query qualifications must specify no "
                   "more than one row for retrieval."};
  }
  if (answer.records.empty()) return;
  query.selected = {{soql::Path{{"Name"}, 0}}};
  const nlohmann::json row = nlohmann::json::parse(run_query(request, query, false).records.front());
  const Profile* profile = permissions_.find_profile(row.at("Name").get<std::string>());
  if (!profile) return;
  std::string& record = answer.records.front();
  if (made.full_name) record = with_member(std::move(record), "FullName", row.at("Name").dump());
  if (!made.metadata) return;
  const Rights& rights = permissions_.permission_set(profile->permission_set_id)->rights;
  record = with_member(std::move(record), "Metadata", profile_metadata(*profile, rights, org_.schema()));
}

}  // namespace local_org
