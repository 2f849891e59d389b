#include "app/test_sweep.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/record_comparison.hpp"
#include "base/crash_point.hpp"
#include "connectors/oauth/identity.hpp"
#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

using connectors::salesforce::CallOptions;
using connectors::salesforce::LiteralKind;
using connectors::salesforce::Soql;
using connectors::salesforce::SoqlBuilder;

// This machine's clock and the org's need not agree.
constexpr std::chrono::minutes clock_difference_max{10};
constexpr std::size_t candidates_max = 50'000;

// A post is told by its subject, which the tests have made themselves; its text comes back as HTML.
bool is_compared(const RecordMaking& making, const std::string& field, const nlohmann::json& value) {
  if (making.object == "FeedItem") return field == "ParentId";
  return !value.is_structured();  // a parent named by its key comes back as an id
}

// What an org makes of a text that it stores: no white space at its ends, no carriage returns, addresses in small
// letters, the values of a multi-select in its own order.
std::string as_stored(const std::string& text) {
  std::string stored;
  for (const char c : text) {
    if (c != '\r') stored += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const std::size_t begin = stored.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return "";
  stored = stored.substr(begin, stored.find_last_not_of(" \t\n") - begin + 1);
  std::vector<std::string> parts(1);
  for (const char c : stored) {
    if (c == ';')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  std::sort(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, ";"));
}

// Orgs keep whole seconds.
bool is_same_second(const std::string& sent, const std::string& found) {
  if (sent.find('T') == std::string::npos) return false;
  const base::Result<base::TimePoint> a = base::from_iso8601(sent), b = base::from_iso8601(found);
  return a && b && std::chrono::floor<std::chrono::seconds>(*a) == std::chrono::floor<std::chrono::seconds>(*b);
}

// To as many digits behind the point as the org has kept.
bool is_same_number(double sent, const nlohmann::json& found) {
  const std::string text = found.dump();
  const std::size_t point = text.find('.');
  const double digits = point == std::string::npos ? 0 : static_cast<double>(text.size() - point - 1);
  return std::abs(sent - found.get<double>()) <= 0.5 * std::pow(10, -digits) + 1e-9;
}

bool is_same_record(const nlohmann::json& sent, const nlohmann::json& found) {
  if (!sent.is_string() || !found.is_string()) return false;
  const std::string a = sent.get<std::string>(), b = found.get<std::string>();
  return connectors::salesforce::is_record_id(a) && connectors::salesforce::is_record_id(b) &&
         connectors::is_same_id(a, b);
}

bool is_as_sent(const nlohmann::json& sent, const nlohmann::json& found) {
  if (sent.is_number() && found.is_number()) return is_same_number(sent.get<double>(), found);
  if (!sent.is_string() || !found.is_string()) return is_same_field_value({sent.dump()}, {found.dump()});
  const std::string was = sent.get<std::string>(), has = found.get<std::string>();
  return as_stored(was) == as_stored(has) || is_same_second(was, has) || is_same_record(sent, found);
}

bool has_sent_values(const RecordMaking& making, const nlohmann::json& sent, const nlohmann::json& found) {
  for (const auto& [field, value] : sent.items()) {
    if (!is_compared(making, field, value)) continue;
    const nlohmann::json has = found.contains(field) ? found.at(field) : nlohmann::json();
    if (!is_as_sent(value, has)) return false;
  }
  return true;
}

base::Result<Soql> question_for(const RecordMaking& making, const nlohmann::json& sent) {
  SoqlBuilder soql(making.object);
  soql.select("Id");
  for (const auto& [field, value] : sent.items())
    if (is_compared(making, field, value)) soql.select(field);
  soql.where_equals("CreatedById", making.user_id);
  soql.where_at_least("CreatedDate", base::to_iso8601(making.at - clock_difference_max), LiteralKind::datetime);
  return soql.build();
}

class Sweeper {
 public:
  Sweeper(connectors::salesforce::Client& client, const TestOrgIdentity& org, TestJournal& journal)
      : client_(client), org_(org), journal_(journal) {}

  base::awaitable<TestSweep> sweep() {
    std::vector<RecordMaking> makings = journal_.unfinished();
    std::reverse(makings.begin(), makings.end());
    for (const RecordMaking& making : makings) {
      if (!connectors::is_same_id(making.org_id, org_.org_id)) continue;
      if (!making.id.empty())
        co_await remove(making, making.id);
      else
        co_await find_and_remove(making);
    }
    co_return std::move(done_);
  }

 private:
  base::awaitable<void> remove(const RecordMaking& making, std::string id) {
    base::crash_point("test.before_removal");
    connectors::salesforce::RecordChange removal;
    removal.operation = connectors::salesforce::Operation::remove;
    removal.object = making.object;
    removal.id = id;
    CallOptions options;
    const base::Result<connectors::salesforce::ChangeAnswer> answer =
        co_await client_.change(org_.account_id, std::move(removal), std::move(options));
    if (!answer) {
      done_.left.push_back(fmt::format("{} {}: {}", making.object, id, answer.error().message));
      co_return;
    }
    base::crash_point("test.after_removal");
    ++done_.removed;
    journal_.gone(making.number);
  }

  base::awaitable<void> find_and_remove(const RecordMaking& making) {
    const base::Result<std::vector<std::string>> found = co_await find(making);
    if (!found) {
      done_.left.push_back(fmt::format("{} of {}: whether it was made cannot be told: {}", making.object,
                                       base::to_iso8601(making.at), found.error().message));
    } else if (found->empty()) {
      journal_.gone(making.number);
    } else if (found->size() > like(making)) {
      done_.left.push_back(
          fmt::format("{}: {} records have the values that were sent, and the tests can have made {} "
                      "of them: {}",
                      making.object, found->size(), like(making), fmt::join(*found, ", ")));
    } else {
      co_await remove(making, found->back());
    }
  }

  base::awaitable<base::Result<std::vector<std::string>>> find(const RecordMaking& making) {
    const nlohmann::json sent = nlohmann::json::parse(making.values.text);
    const base::Result<Soql> question = question_for(making, sent);
    if (!question) co_return question.error();
    CallOptions options;
    const base::Result<base::JsonText> rows =
        co_await client_.query(org_.account_id, *question, candidates_max, std::move(options));
    if (!rows) co_return rows.error();
    const nlohmann::json records = nlohmann::json::parse(rows->text);
    std::vector<std::string> found;
    for (const nlohmann::json& record : records) {
      const std::string id = record.at("Id");
      if (!is_known(id) && has_sent_values(making, sent, record)) found.push_back(id);
    }
    co_return found;
  }

  bool is_known(const std::string& id) const {
    const std::vector<RecordMaking>& makings = journal_.unfinished();
    return std::any_of(makings.begin(), makings.end(),
                       [&](const RecordMaking& making) { return connectors::is_same_id(making.id, id); });
  }

  // How many calls may have made such a record.
  std::size_t like(const RecordMaking& making) const {
    const std::vector<RecordMaking>& makings = journal_.unfinished();
    return static_cast<std::size_t>(std::count_if(makings.begin(), makings.end(), [&](const RecordMaking& other) {
      return other.id.empty() && other.object == making.object && other.values.text == making.values.text &&
             connectors::is_same_id(other.org_id, making.org_id);
    }));
  }

  connectors::salesforce::Client& client_;
  const TestOrgIdentity& org_;
  TestJournal& journal_;
  TestSweep done_{};
};

}  // namespace

base::awaitable<TestSweep> sweep_test_records(connectors::salesforce::Client& client, TestOrgIdentity org,
                                              TestJournal& journal) {
  Sweeper sweeper(client, org, journal);
  co_return co_await sweeper.sweep();
}

}  // namespace app
