#include "app/local_test_org.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/errors.hpp"

namespace app {
namespace {

base::Error refused_by_local_org(const local_org::ApiError& refusal) {
  // What is wrong with a query comes after the query itself, which nobody has written here.
  return refused_test_record("the local org", refusal.code, refusal.message.substr(refusal.message.rfind('\n') + 1));
}

base::Finding finding_of(const std::string& pointer, const local_org::ApiError& refusal) {
  const base::Error error = refused_by_local_org(refusal);
  return {.code = std::string(error.code.name), .pointer = pointer, .message = error.message};
}

std::string soql_for(const std::string& object, const std::vector<std::string>& fields) {
  std::set<std::string> wanted(fields.begin(), fields.end());
  wanted.insert({"Id", "SystemModstamp"});
  return fmt::format("SELECT {} FROM {}", fmt::join(wanted, ", "), object);
}

// Neither log-ins nor an object's description, which is kept from run to run.
bool is_of_the_run(const local_org::Call& call) {
  const std::string_view path = std::string_view(call.path).substr(0, call.path.find('?'));
  return !path.starts_with("/services/oauth2/") && !path.ends_with("/describe");
}

}  // namespace

base::Error refused_test_record(std::string_view who, std::string_view code, std::string_view message) {
  return {mapping_test_record, fmt::format("{} says {}: {}", who, code, message)};
}

// A loopback address is one that an account may have; nobody listens there.
LocalTestOrg::LocalTestOrg(Services& services, base::http::InProcessServers& servers, std::size_t number,
                           std::vector<std::string> describes)
    : servers_(servers),
      url_(fmt::format("http://127.0.0.1:{}", number + 1)),
      org_(local_org::LocalOrgOptions{.more_describes = std::move(describes)}, services.clock, services.random) {
  org_.set_url(url_);
  servers_.add(url_, org_.handler());
}

void LocalTestOrg::start_over() {
  org_.start_over();
  before_.clear();
}

base::awaitable<base::Result<std::string>> LocalTestOrg::insert(std::string object, base::JsonText fields) {
  try {
    co_return org_.insert(object, std::move(fields));
  } catch (const local_org::ApiError& refusal) {
    co_return refused_by_local_org(refusal);
  }
}

base::Findings LocalTestOrg::note_before(const ExpectedRecords& expected) {
  try {
    before_[expected.pointer] = records_of(expected);
    return {};
  } catch (const local_org::ApiError& refusal) {
    return refused_fields(expected, refusal);
  }
}

// What is there now and was not so before: ids rise.
base::awaitable<base::Result<std::vector<base::JsonText>>> LocalTestOrg::written(ExpectedRecords expected) {
  const RecordsById& before = before_.at(expected.pointer);
  std::vector<base::JsonText> written;
  for (const auto& [id, record] : records_of(expected)) {
    const auto old = before.find(id);
    if (old == before.end() || old->second != record) written.push_back({record});
  }
  co_return written;
}

std::int64_t LocalTestOrg::calls() {
  const std::vector<local_org::Call> calls = org_.calls();
  return std::count_if(calls.begin(), calls.end(), is_of_the_run);
}

LocalTestOrg::RecordsById LocalTestOrg::records_of(const ExpectedRecords& expected) {
  RecordsById records;
  const nlohmann::json found = nlohmann::json::parse(org_.query(soql_for(expected.object, expected.fields)).text);
  for (const nlohmann::json& record : found) records[record.at("Id").get<std::string>()] = record.dump();
  return records;
}

// Which of the fields the org refuses; the object itself when it is none of them.
base::Findings LocalTestOrg::refused_fields(const ExpectedRecords& expected, const local_org::ApiError& refusal) {
  base::Findings findings;
  for (const std::string& field : expected.fields) {
    try {
      org_.query(soql_for(expected.object, {field}) + " LIMIT 1");
    } catch (const local_org::ApiError& of_field) {
      for (std::size_t i = 0; i < expected.records.size() && of_field.code == "INVALID_FIELD"; ++i) {
        if (!nlohmann::json::parse(expected.records[i].text).contains(field)) continue;
        findings.push_back(
            finding_of(fmt::format("{}/{}{}", expected.pointer, i, base::pointer_token(field)), of_field));
        break;
      }
    }
  }
  if (findings.empty()) findings.push_back(finding_of(expected.pointer, refusal));
  return findings;
}

}  // namespace app
