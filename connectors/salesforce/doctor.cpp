#include "connectors/salesforce/doctor.hpp"

#include <utility>

#include "connectors/salesforce/doctor_checks.hpp"
#include "connectors/salesforce/doctor_facts.hpp"
#include "connectors/salesforce/doctor_questions.hpp"

namespace connectors::salesforce {

namespace {

base::awaitable<OrgAnswer> ask_org(Client& client, std::string account_id, OrgQuestion question) {
  CallOptions options{.only_examines = true};
  if (question.is_about_session_settings)
    co_return co_await client.session_settings(std::move(account_id), std::move(options));
  co_return co_await client.get(std::move(account_id), std::move(question.path), std::move(options));
}

}  // namespace

Patient patient_of(const LinkedAccount& account, base::IpRanges egress) {
  return {.account_id = account.id,
          .environment = account.environment,
          .login = account.login.kind,
          .token_url = account.login.token_url,
          .egress = std::move(egress)};
}

// One after the other: some forty requests that nobody waits for impatiently, and an org is never crowded by them.
base::awaitable<std::vector<Check>> examine(Client& client, Patient patient, OrgNeeds needs) {
  OrgFacts facts;
  for (;;) {
    const std::vector<OrgQuestion> questions = next_questions(patient, needs, facts);
    if (questions.empty()) break;
    for (const OrgQuestion& question : questions) {
      const OrgAnswer answer = co_await ask_org(client, patient.account_id, question);
      question.learn(facts, question.object, answer);
    }
  }
  co_return judge(patient, needs, facts);
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::cannot_tell: return "cannot_tell";
    case Verdict::not_applicable: return "not_applicable";
  }
  return "";
}

}  // namespace connectors::salesforce
