#include "connectors/salesforce/org_fit.hpp"

#include <algorithm>
#include <utility>

#include "connectors/salesforce/doctor_checks.hpp"
#include "connectors/salesforce/doctor_questions.hpp"

namespace connectors::salesforce {

namespace {

// Somebody waits for the answer at a terminal.
constexpr base::Duration patience_with_org{5'000};

bool can_ask_on(const OrgAnswer& answer) { return answer || answer.error().code.kind == base::Kind::permanent; }

}  // namespace

base::awaitable<OrgFacts> describe_needed(Client& client, std::string account_id, OrgNeeds needs) {
  OrgFacts facts;
  for (;;) {
    const std::vector<OrgQuestion> questions = next_object_questions(needs, facts);
    if (questions.empty()) co_return facts;
    for (const OrgQuestion& question : questions) {
      CallOptions options;
      options.timeout = patience_with_org;
      const OrgAnswer answer = co_await client.get(account_id, question.path, std::move(options));
      question.learn(facts, question.object, answer);
      if (!can_ask_on(answer)) co_return facts;
    }
  }
}

std::vector<Check> misfits(const OrgNeeds& needs, const OrgFacts& facts) {
  std::vector<Check> found = judge_objects(needs, facts);
  std::erase_if(found, [](const Check& check) {
    return check.verdict != Verdict::fail || (check.check != "record_types" && check.check != "edit");
  });
  return found;
}

}  // namespace connectors::salesforce
