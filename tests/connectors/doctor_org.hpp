// An org in which every requirement is met, answered question by question; a test breaks one of them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/client.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/salesforce/doctor.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"

namespace support {

// What stands behind FROM, a path of the API, or "token", "session_settings" -> the answer.
class DoctorOrg {
 public:
  struct Answer {
    int status = 200;
    std::string body;
  };

  DoctorOrg() {
    http.always([this](const base::http::Request& request) { return answer_to(request); });
    accounts.add(a_personal_account());
    rows("Organization", R"({"IsSandbox":true})");
    rows("User", R"({"Username":"integration@acme.example","IsActive":true,"ProfileId":"00e000000000001AAA",)"
                 R"("Profile":{"Name":"Survey Integration"}})");
    rows("UserPermissionAccess",
         R"({"PermissionsApiEnabled":true,"PermissionsViewAllData":false,"PermissionsModifyAllData":false,)"
         R"("PermissionsApproveUninstalledConnectedApps":false})");
    rows("PermissionSetAssignment",
         R"({"PermissionSetId":"0PS000000000001AAA"},{"PermissionSetId":"0PS000000000002AAA"})");
    rows("ObjectPermissions",
         R"({"SobjectType":"Contact","PermissionsViewAllRecords":true,"PermissionsModifyAllRecords":false},)"
         R"({"SobjectType":"Survey_Response__c","PermissionsViewAllRecords":true,"PermissionsModifyAllRecords":true})");
    rows("LoginHistory", R"({"SourceIp":"198.51.100.7","Status":"Success"})");
    rows("Profile",
         R"({"Metadata":{"loginIpRanges":[{"startAddress":"198.51.100.0","endAddress":"198.51.100.255"}]}})");
    rows("OauthToken", R"({"AppName":"Sluice"})");
    rows("ConnectedApplication", R"({"Id":"0H4000000000001AAA","OptionsAllowAdminApprovedUsersOnly":false,)"
                                 R"("OptionsRefreshTokenValidityMetric":false,"RefreshTokenValidityPeriod":null})");
    rows("ExternalClientApplication", "");
    rows("SetupEntityAccess", "");
    rows("RecordType", R"({"Id":"012000000000001AAA","DeveloperName":"Survey","IsActive":true})");
    answers["/limits"] = {200, R"({"DailyApiRequests":{"Max":15000,"Remaining":14000}})"};
    answers["root"] = {200, R"({"identity":"https://test.salesforce.com/id/00D000000000001AAA/005000000000001AAA"})"};
    answers["token"] = {200, R"({"access_token":"t","instance_url":"https://acme.my.salesforce.com",)"
                             R"("id":"https://test.salesforce.com/id/00D000000000001AAA/005000000000001AAA"})"};
    settings(false, false, false);
    describe_survey_response();
    answers["/sobjects/Contact/describe"] = {
        200, R"({"name":"Contact","queryable":true,"createable":true,"updateable":true,"deletable":true,"fields":[)"
             R"({"name":"Id"},{"name":"Email","createable":true,"updateable":true}]})"};
  }

  void rows(const std::string& object, const std::string& list) {
    answers[object] = {200, R"({"totalSize":1,"done":true,"records":[)" + list + "]}"};
  }
  void refuse(const std::string& about, int status, const std::string& code, const std::string& message) {
    answers[about] = {status, R"([{"errorCode":")" + code + R"(","message":")" + message + R"("}])"};
  }
  void refuse_login(const std::string& error, const std::string& description) {
    answers["token"] = {400, R"({"error":")" + error + R"(","error_description":")" + description + R"("})"};
  }
  void settings(bool ip, bool domain, bool every_request) {
    auto word = [](bool yes) { return std::string(yes ? "true" : "false"); };
    answers["session_settings"] = {
        200,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope><soapenv:Body><readMetadataResponse><result>"
        "<records xsi:type=\"SecuritySettings\"><fullName>Security</fullName><sessionSettings>"
        "<enforceIpRangesEveryRequest>" +
            word(every_request) +
            "</enforceIpRangesEveryRequest>"
            "<lockSessionsToDomain>" +
            word(domain) +
            "</lockSessionsToDomain>"
            "<lockSessionsToIp>" +
            word(ip) +
            "</lockSessionsToIp></sessionSettings></records></result>"
            "</readMetadataResponse></soapenv:Body></soapenv:Envelope>"};
  }
  // The object that is written, with what a test may want to take away.
  void describe_survey_response(bool createable = true, bool sees_segment = true, bool edits_score = true,
                                bool has_record_type = true) {
    std::string fields = R"({"name":"Response_Id__c","createable":true,"updateable":true},)"
                         R"({"name":"Contact__c","createable":true,"updateable":true,"relationshipName":"Contact__r",)"
                         R"("referenceTo":["Contact"]},{"name":"Score__c","createable":)" +
                         std::string(edits_score ? "true" : "false") + R"(,"updateable":)" +
                         (edits_score ? "true" : "false") + "}";
    if (sees_segment) fields += R"(,{"name":"Segment__c","createable":false,"updateable":false})";
    answers["/sobjects/Survey_Response__c/describe"] = {
        200,
        R"({"name":"Survey_Response__c","queryable":true,"createable":)" + std::string(createable ? "true" : "false") +
            R"(,"updateable":true,"deletable":true,"fields":[)" + fields +
            R"(],"recordTypeInfos":[{"recordTypeId":"012000000000001AAA","developerName":"Survey","name":"Survey",)"
            R"("active":true,"available":)" +
            (has_record_type ? "true" : "false") + "}]}"};
  }

  std::vector<connectors::salesforce::Check> examine(connectors::salesforce::OrgNeeds needs,
                                                     const char* egress = "198.51.100.0/25") {
    base::IpRanges ranges;
    if (*egress != '\0') ranges.push_back(*base::parse_cidr(egress));
    return run(loop, connectors::salesforce::examine(
                         client, connectors::salesforce::patient_of(accounts.all().front(), ranges), std::move(needs)));
  }

  std::map<std::string, Answer> answers;
  boost::asio::io_context loop;
  ManualClock clock;
  ScriptedHttp http;
  base::SilentLog log;
  connectors::MemoryAccounts accounts{clock};
  connectors::AccountSessions sessions{accounts, http, clock, log};
  connectors::salesforce::Client client{http, sessions};

 private:
  static std::string question_of(const base::http::Request& request) {
    if (request.url.ends_with("/services/oauth2/token")) return "token";
    if (request.url.find("/services/Soap/m/") != std::string::npos) return "session_settings";
    const std::string root = "https://acme.my.salesforce.com/services/data/v60.0";
    const std::string path = request.url.substr(root.size());
    if (path.empty()) return "root";
    const std::string query = base::http::percent_decode(path).value_or("");
    const std::size_t from = query.find(" FROM ");
    if (from == std::string::npos) return path;
    const std::size_t start = from + 6;
    return query.substr(start, query.find(' ', start) - start);
  }

  ScriptedHttp::Answer answer_to(const base::http::Request& request) const {
    auto known = answers.find(question_of(request));
    if (known == answers.end())
      return base::http::Response{
          404, {}, R"([{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}])"};
    return base::http::Response{known->second.status, {}, known->second.body};
  }
};

// Upserts Survey_Response__c with a lookup to a contact that was searched by its e-mail.
inline connectors::salesforce::OrgNeeds survey_needs() {
  connectors::salesforce::OrgNeeds needs;
  needs.add({.object = "Contact", .search = true, .fields = {{.name = "Email", .read = true}}});
  needs.add({.object = "Survey_Response__c",
             .create = true,
             .update = true,
             .fields = {{.name = "Response_Id__c", .read = true, .create = true},
                        {.name = "Contact__c", .create = true, .update = true},
                        {.name = "Score__c", .create = true, .update = true},
                        {.name = "Segment__c", .read = true}},
             .record_types = {"Survey"}});
  return needs;
}

}  // namespace support
