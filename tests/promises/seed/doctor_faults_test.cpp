// The seed page's requirements, broken one by one in an org that really lacks them then: the doctor fails that line by
// its name, and every other stays as it was.
#include <map>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/run_program.hpp"

using nlohmann::json;
using promises::OrgPolicy;
using promises::Person;
using promises::SeedBrand;

namespace {

// Finds a contact, keeps a response that points to it, and opens a case of one record type.
const char* const workflow_with_every_need = R"({
  "name": "Everything",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "contact": { "type": "salesforce_find", "account": "crm",
      "with": { "object": "Contact", "match": { "Email": "${m://Email}" }, "return": ["Id", "Phone"],
                "if_none": "continue" } },
    "answer": { "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Contact__c": "${task://contact/Id}", "Score__c": "${q://QID1/SelectedChoicesRecode}" } } },
    "case": { "type": "salesforce_create", "account": "crm",
      "with": { "object": "Case", "idempotency": "Sluice_Key__c",
                "fields": { "RecordTypeId": "Complaint", "Subject": "A low score" } } } }
})";

// All that the workflow needs, and what the doctor needs to look at the rest; a user who is no admin.
const char* const sound_profile = R"({
  "system": { "PermissionsApiEnabled": true, "PermissionsViewSetup": true, "PermissionsCustomizeApplication": true,
              "PermissionsModifyMetadata": true },
  "objects": { "Contact": { "view_all": true }, "Survey_Response__c": { "create": true, "modify_all": true },
               "Case": { "create": true, "modify_all": true } },
  "fields": { "*": { "read": true, "edit": true } },
  "record_types": { "Case": { "available": ["Complaint"] } },
  "login_ip_ranges": [ { "startAddress": "198.51.100.0", "endAddress": "198.51.100.255" },
                       { "startAddress": "127.0.0.1", "endAddress": "127.0.0.1" } ]
})";

// An account in an org that lacks nothing.
class SoundAccount {
 public:
  SoundAccount() {
    profile_ = "Survey integration of " + user_;
    change_profile(json::parse(sound_profile));
    brand_.production.local("POST", "/_local/users", json{{"username", user_}, {"profile", profile_}}.dump());
    const json login = brand_.log_in(ana_, brand_.production, json::object(), user_);
    INFO(login.dump());
    REQUIRE(login.at("state") == "done");
    account_ = login.at("account");
    workflow_ = brand_.push(ana_, brand_.add_project(ana_), json::parse(workflow_with_every_need));
    brand_.bind(ana_, workflow_, "crm", account_);
  }

  const promises::OrgProgram& org() const { return brand_.production; }

  void change_profile(json changed) const {
    changed["name"] = profile_;
    brand_.production.local("PUT", "/_local/profiles", changed.dump());
  }

  test::Ended doctor(const std::string& format) const {
    return test::run_program({"accounts", "doctor", account_, "--workflow", workflow_, format, "--server",
                              brand_.server.url(), "--token", ana_.token()});
  }

  // The verdict of each line.
  std::map<std::string, std::string> verdicts() const {
    const test::Ended ended = doctor("--json");
    INFO(ended.output + ended.complaint);
    REQUIRE((ended.code == 0 || ended.code == 1));
    std::map<std::string, std::string> verdicts;
    const json found = json::parse(ended.output);
    for (const json& check : found.at("checks")) verdicts[check.at("check")] = check.at("verdict");
    return verdicts;
  }

 private:
  SeedBrand brand_;
  Person ana_ = brand_.add_person("ana");
  std::string user_ = SeedBrand::add_salesforce_user(brand_.production);
  std::string profile_;
  std::string account_;
  std::string workflow_;
};

// One requirement withdrawn: in the user's profile, or in what is set for the app and for sessions.
struct Fault {
  const char* check;
  const char* profile;
  const char* policies;
};

const Fault faults[] = {
    {"api_enabled", R"({"system":{"PermissionsApiEnabled":false}})", ""},
    {"login_ip", R"({"login_ip_ranges":[{"startAddress":"127.0.0.1","endAddress":"127.0.0.1"}]})", ""},
    {"login_ip_enforced_every_request", "", R"({"enforceIpRangesEveryRequest":true})"},
    {"record_types", R"({"record_types":{"Case":{"available":["Praise"]}}})", ""},
    {"view_all", R"({"objects":{"Contact":{"view_all":false}}})", ""},
    {"modify_all", R"({"objects":{"Survey_Response__c":{"modify_all":false}}})", ""},
    {"create", R"({"objects":{"Survey_Response__c":{"create":false}}})", ""},
    {"read", R"({"fields":{"Contact.Phone":{"read":false}}})", ""},
    {"edit", R"({"fields":{"Survey_Response__c.Score__c":{"edit":false}}})", ""},
    {"session_locking", "", R"({"lockSessionsToIp":true})"},
    {"session_locking", "", R"({"lockSessionsToDomain":true})"},
    {"refresh_policy", "", R"({"refresh_token_policy":"SpecificLifetime"})"},
    {"permitted_users", "", R"({"permitted_users":"AdminApprovedPreAuthorized"})"},
};

}  // namespace

TEST_CASE("S19: of a sound org every line passes or is not asked for, though the linked user is no admin") {
  const SoundAccount sound;
  for (const auto& [check, verdict] : sound.verdicts()) {
    CAPTURE(check);
    CHECK((verdict == "pass" || verdict == "not_applicable"));
  }
}

TEST_CASE(
    "S20, S21, S22, S23, S24, S25, S26, S27, S28, S29, S30: each requirement that an org really lacks fails its own "
    "line, "
    "and no other changes") {
  const Fault& fault = GENERATE(from_range(std::begin(faults), std::end(faults)));
  CAPTURE(fault.check, fault.profile, fault.policies);
  const SoundAccount sound;
  std::map<std::string, std::string> expected = sound.verdicts();
  // Who has no API is let in nowhere, so nothing else can be asked.
  if (std::string(fault.check) == "api_enabled") {
    for (auto& [check, verdict] : expected) verdict = "cannot_tell";
  }
  expected[fault.check] = "fail";

  if (*fault.profile != '\0') sound.change_profile(json::parse(fault.profile));
  std::optional<OrgPolicy> changed;
  if (*fault.policies != '\0') changed.emplace(sound.org(), json::parse(fault.policies));

  CHECK(sound.verdicts() == expected);
}

TEST_CASE("S28: a failed line is a failure of the JUnit report, too") {
  const SoundAccount sound;
  const OrgPolicy locked(sound.org(), {{"lockSessionsToIp", true}});

  const test::Ended ended = sound.doctor("--junit");

  CHECK(ended.code == 1);
  CHECK_THAT(ended.output, Catch::Contains("session_locking") && Catch::Contains("<failure"));
}
