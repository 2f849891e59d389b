#include "app/linked_test_orgs.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/errors.hpp"
#include "base/crash_point.hpp"
#include "connectors/oauth/identity.hpp"
#include "connectors/salesforce/errors.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace app {
namespace {

using connectors::salesforce::CallOptions;
using connectors::salesforce::ChangeAnswer;
using connectors::salesforce::Operation;
using connectors::salesforce::RecordChange;
using connectors::salesforce::Soql;
using connectors::salesforce::SoqlBuilder;

// A number for changes that are not followed.
constexpr std::int64_t unfollowed = -1;

std::string object_made_by(const RecordChange& change) {
  return change.operation == Operation::chatter_post ? "FeedItem" : change.object;
}

// Everything by which the record can be told again.
base::JsonText values_made_by(const RecordChange& change) {
  nlohmann::json values = nlohmann::json::parse(change.fields.text);
  if (change.operation == Operation::chatter_post) values = {{"ParentId", change.id}, {"Body", std::move(values)}};
  if (change.operation == Operation::upsert) values[change.key_field] = change.key_value;
  return {values.dump()};
}

base::Error foreign_record(const RecordChange& change, const std::string& id) {
  return {mapping_test_foreign_record,
          fmt::format("{} {} was in the org before this case: a mapping test changes only records that it has made",
                      change.operation == Operation::chatter_post ? "the subject" : change.object, id)};
}

}  // namespace

// One account's org.
class LinkedTestOrgs::Org final : public TestOrg {
 public:
  Org(LinkedTestOrgs& all, TestOrgIdentity identity) : all_(all), identity_(std::move(identity)) {}

  bool is_linked() const override { return true; }
  void start_over() override {}  // all of them do, by begin_case()

  base::awaitable<base::Result<std::string>> insert(std::string object, base::JsonText fields) override {
    RecordChange change;
    change.operation = Operation::create;
    change.object = std::move(object);
    change.fields = std::move(fields);
    CallOptions options;
    base::Result<ChangeAnswer> answer =
        co_await all_.services_.salesforce.change(identity_.account_id, std::move(change), std::move(options));
    if (!answer) co_return answer.error();
    co_return answer->id;
  }

  // Whatever an org does not know, it says when it is asked for the records.
  base::Findings note_before(const ExpectedRecords&) override { return {}; }

  base::awaitable<base::Result<std::vector<base::JsonText>>> written(ExpectedRecords expected) override {
    const std::vector<std::string> ids = written_ids(expected.object);
    std::vector<base::JsonText> records;
    if (ids.empty()) co_return records;
    SoqlBuilder soql(expected.object);
    std::set<std::string> fields(expected.fields.begin(), expected.fields.end());
    fields.insert("Id");
    for (const std::string& field : fields) soql.select(field);
    soql.where_in("Id", ids);
    const base::Result<Soql> question = soql.build();
    if (!question) co_return question.error();
    CallOptions options;
    const base::Result<base::JsonText> rows =
        co_await all_.services_.salesforce.query(identity_.account_id, *question, ids.size(), std::move(options));
    if (!rows) co_return rows.error();
    const nlohmann::json found = nlohmann::json::parse(rows->text);
    for (const std::string& id : ids) {
      for (const nlohmann::json& record : found)
        if (connectors::is_same_id(record.at("Id").get<std::string>(), id)) records.push_back({record.dump()});
    }
    co_return records;
  }

  std::int64_t calls() override { return all_.calls_[identity_.account_id]; }

 private:
  // In the order they were made: what was there before the run comes first.
  std::vector<std::string> written_ids(const std::string& object) const {
    std::vector<std::string> ids;
    for (const bool was_there : {true, false}) {
      for (const Sent& sent : all_.sent_) {
        const bool is_another = sent.account_id != identity_.account_id ||
                                !connectors::salesforce::same_api_name(sent.object, object) || sent.id.empty();
        if (is_another || was_there_before(sent.id) != was_there || !is_touched(sent.id)) continue;
        if (std::find(ids.begin(), ids.end(), sent.id) == ids.end()) ids.push_back(sent.id);
      }
    }
    return ids;
  }

  bool was_there_before(const std::string& id) const {
    return std::any_of(all_.sent_.begin(), all_.sent_.end(),
                       [&](const Sent& sent) { return !sent.is_of_run && connectors::is_same_id(sent.id, id); });
  }

  bool is_touched(const std::string& id) const {
    return std::any_of(all_.sent_.begin(), all_.sent_.end(),
                       [&](const Sent& sent) { return sent.is_of_run && connectors::is_same_id(sent.id, id); });
  }

  LinkedTestOrgs& all_;
  TestOrgIdentity identity_;
};

LinkedTestOrgs::~LinkedTestOrgs() { services_.salesforce.be_watched_by(nullptr); }

base::awaitable<base::Status> LinkedTestOrgs::open(std::vector<std::string> aliases) {
  const base::Result<Soql> question = SoqlBuilder("Organization").select("Id").select("IsSandbox").build();
  for (const std::string& alias : aliases) {
    TestOrgIdentity org{.account_id = workspace_.account_of(alias)};
    CallOptions options;
    const base::Result<base::JsonText> rows =
        co_await services_.salesforce.query(org.account_id, *question, 2, std::move(options));
    if (!rows) co_return rows.error();
    const nlohmann::json organization = nlohmann::json::parse(rows->text);
    // Who does not say that it is a sandbox counts as production.
    const bool is_sandbox = organization.size() == 1 && organization[0].value("IsSandbox", false);
    if (!is_sandbox)
      co_return base::Error{mapping_test_on_production,
                            fmt::format("the org of the account '{}' says that it is a production org", alias)};
    org.org_id = organization[0].at("Id");
    org.user_id = services_.accounts.find(org.account_id)->salesforce_user;
    orgs_[alias] = std::move(org);
  }
  services_.salesforce.be_watched_by(this);
  co_return base::Ok{};
}

std::vector<std::string> LinkedTestOrgs::aliases() const {
  std::vector<std::string> aliases;
  for (const auto& [alias, org] : orgs_) aliases.push_back(alias);
  return aliases;
}

bool LinkedTestOrgs::is_here(const RecordMaking& making) const {
  return std::any_of(orgs_.begin(), orgs_.end(),
                     [&](const auto& one) { return connectors::is_same_id(one.second.org_id, making.org_id); });
}

void LinkedTestOrgs::begin_case() {
  sent_.clear();
  own_looks_.clear();
  calls_.clear();
}

std::unique_ptr<TestOrg> LinkedTestOrgs::org_of(const std::string& alias) {
  return std::make_unique<Org>(*this, orgs_.at(alias));
}

base::awaitable<TestSweep> LinkedTestOrgs::sweep() {
  sweeps_ = true;
  TestSweep all;
  for (const auto& [alias, org] : orgs_) {
    TestSweep of_org = co_await sweep_test_records(services_.salesforce, org, journal_);
    all.removed += of_org.removed;
    std::move(of_org.left.begin(), of_org.left.end(), std::back_inserter(all.left));
  }
  sweeps_ = false;
  co_return all;
}

void LinkedTestOrgs::asks(const std::string& account_id, const base::http::Request& request) {
  const bool is_own = std::any_of(own_looks_.begin(), own_looks_.end(),
                                  [&](const std::string& path) { return request.url.ends_with(path); });
  if (runs_ && !(is_own && request.method == "GET") && !request.url.ends_with("/describe")) ++calls_[account_id];
}

base::awaitable<base::Result<std::int64_t>> LinkedTestOrgs::before_change(std::string account_id, RecordChange change) {
  const TestOrgIdentity* org = org_of_account(account_id);
  if (!org || sweeps_) co_return unfollowed;
  // Other calls may come in between: the value outlives them.
  const TestOrgIdentity asked = *org;
  bool makes = change.operation == Operation::create;
  if (change.operation == Operation::upsert) {
    const base::Result<std::string> there = co_await look_up(asked, change);
    if (!there) co_return there.error();
    if (!there->empty() && !is_ours(asked, *there) && !adopts(asked, change, *there))
      co_return foreign_record(change, *there);
    makes = there->empty();
  } else if (!makes) {
    if (!is_ours(asked, change.id)) co_return foreign_record(change, change.id);
    makes = change.operation == Operation::chatter_post;
  }
  if (makes) {
    const base::Status removable = co_await check_removable(asked, object_made_by(change));
    if (!removable) co_return removable.error();
  }
  co_return note(asked, change, makes);
}

base::awaitable<base::Status> LinkedTestOrgs::check_removable(TestOrgIdentity org, std::string object) {
  if (removable_.contains({org.account_id, object})) co_return base::Ok{};
  CallOptions options;
  const base::Result<base::JsonText> describe =
      co_await services_.salesforce.describe(org.account_id, object, std::move(options));
  if (!describe) co_return describe.error();
  const base::Result<connectors::salesforce::ObjectSchema> schema =
      connectors::salesforce::read_object_schema(describe->text, object);
  if (!schema) co_return schema.error();
  if (!schema->deletable)
    co_return base::Error{
        mapping_test_records_left,
        fmt::format("{}: the account's user may not delete what a test would make, so it is not made", object)};
  removable_.emplace(org.account_id, std::move(object));
  co_return base::Ok{};
}

void LinkedTestOrgs::after_change(const std::string&, std::int64_t number, const base::Result<ChangeAnswer>& answer) {
  if (number == unfollowed) return;
  base::crash_point("test.after_change");
  Sent& sent = sent_.at(static_cast<std::size_t>(number));
  if (answer) {
    sent.id = answer->id;
    if (sent.making == 0) return;
    if (answer->created.value_or(true))
      journal_.made(sent.making, answer->id);
    else
      journal_.nothing_made(sent.making);
  } else if (sent.making != 0 && answer.error().code.kind != base::Kind::uncertain) {
    journal_.nothing_made(sent.making);
  }
}

const TestOrgIdentity* LinkedTestOrgs::org_of_account(const std::string& account_id) const {
  for (const auto& [alias, org] : orgs_)
    if (org.account_id == account_id) return &org;
  return nullptr;
}

bool LinkedTestOrgs::is_ours(const TestOrgIdentity& org, const std::string& id) const {
  const std::vector<RecordMaking>& makings = journal_.unfinished();
  return std::any_of(makings.begin(), makings.end(), [&](const RecordMaking& making) {
    return making.org_id == org.org_id && connectors::is_same_id(making.id, id);
  });
}

// Before the try there was no record of that key.
bool LinkedTestOrgs::adopts(const TestOrgIdentity& org, const RecordChange& change, const std::string& id) {
  const std::string values = values_made_by(change).text;
  const std::vector<RecordMaking>& makings = journal_.unfinished();
  const auto making = std::find_if(makings.begin(), makings.end(), [&](const RecordMaking& open) {
    return open.id.empty() && open.org_id == org.org_id && open.object == change.object && open.values.text == values;
  });
  if (making == makings.end()) return false;
  journal_.made(making->number, id);
  return true;
}

base::awaitable<base::Result<std::string>> LinkedTestOrgs::look_up(TestOrgIdentity org, RecordChange change) {
  std::string path =
      fmt::format("/sobjects/{}/{}/{}", base::http::percent_encode(change.object),
                  base::http::percent_encode(change.key_field), base::http::percent_encode(change.key_value));
  own_looks_.insert(path);
  CallOptions options;
  const base::Result<base::JsonText> answer =
      co_await services_.salesforce.get(org.account_id, std::move(path), std::move(options));
  if (!answer && connectors::salesforce::says_not_found(answer.error())) co_return std::string();
  if (!answer) co_return answer.error();
  co_return nlohmann::json::parse(answer->text).value("Id", std::string());
}

std::int64_t LinkedTestOrgs::note(const TestOrgIdentity& org, const RecordChange& change, bool makes) {
  Sent sent{.account_id = org.account_id, .object = object_made_by(change), .is_of_run = runs_};
  if (makes) {
    RecordMaking making{.at = services_.clock.now(),
                        .org_id = org.org_id,
                        .user_id = org.user_id,
                        .object = sent.object,
                        .values = values_made_by(change)};
    base::crash_point("test.before_noting");
    sent.making = journal_.making(std::move(making));
    base::crash_point("test.before_change");
  }
  sent_.push_back(std::move(sent));
  return static_cast<std::int64_t>(sent_.size()) - 1;
}

}  // namespace app
