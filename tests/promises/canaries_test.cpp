// Secrets planted letter by letter, a life with every kind of trouble, and then a search: in the data file and its WAL,
// in the logs of all lives, in every answer; raw, and as base64, hex and percent-encoding would show them.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "tests/promises/linking_world.hpp"
#include "tests/promises/stand_in_org.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/mail_taker.hpp"

using nlohmann::json;
using promises::LinkingWorld;
using promises::StandInOrg;
using promises::SurveyResponse;
using support::Browser;
using support::HttpAnswer;

namespace {

const std::string app_secret = "canary/app-secret+9XbQ2mLr7TzVw4Kd==";
const std::string refused_client_secret = "canary/client-secret+3NfJ8sHy6GpCe1Ua==";
const std::string code = "aPrx.canary/code+5WkZ0tDv8BqRm2Ys==";
const std::string password_of_refused_file = "canary/refresh-token+7LcX4oIe9MnFg6Hj==";
const std::string platform_token = "canary/platform-token+2VuS6yKp1QaWd5Et";
const std::string platform_shared_key = "canary/shared-key+8ZiB3rGx7JhNc0Lf";
const std::string webhook_key = "canary/webhook-key+4TmU9wYo6PsQv1Rk";
const std::string mail_password = "canary-mail-6Yq2-password";
// Bytes and their base64, as a key file has them.
const std::string sealing_key = "canary-sealing-key-6Fj3Qs9Wy2Bv1";
const std::string next_sealing_key = "canary-sealing-key-8Tb5Nc4Xr7Md0";

std::string in_percents(std::string_view text, const char* digits) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

std::string in_upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// What a secret looks like in the middle of something that was encoded as a whole: base64 has three alignments, and
// its first and last letters depend on the neighbours.
std::vector<std::string> base64_forms(const std::string& secret) {
  std::vector<std::string> forms;
  for (std::size_t before = 0; before < 3; ++before) {
    std::string shifted(before, 'x');
    shifted += secret;
    const std::size_t first = before == 0 ? 0 : 4, whole = shifted.size() / 3 * 4;
    forms.push_back(base::to_base64(shifted).substr(first, whole - first));
    forms.push_back(base::to_base64url(shifted).substr(first, whole - first));
  }
  return forms;
}

std::vector<std::string> forms_of(const std::string& secret) {
  std::vector<std::string> forms = base64_forms(secret);
  const std::string hex = base::to_hex(secret);
  forms.insert(forms.end(), {secret, hex, in_upper_case(hex), in_percents(secret, "0123456789abcdef"),
                             in_percents(secret, "0123456789ABCDEF"), base::http::percent_encode(secret)});
  return forms;
}

// A secret that is found, and where.
struct Hit {
  std::string secret;
  std::string form;
  std::string place;
};

std::ostream& operator<<(std::ostream& out, const Hit& hit) {
  return out << hit.secret << " stands in " << hit.place << " as " << hit.form;
}

class Search {
 public:
  explicit Search(const std::vector<std::string>& secrets) {
    for (const std::string& secret : secrets) forms_.emplace_back(secret, forms_of(secret));
  }

  void look_into(const std::string& place, const std::string& text) {
    for (const auto& [secret, forms] : forms_) {
      for (const std::string& form : forms) {
        if (text.find(form) != std::string::npos) hits_.push_back({secret, form, place});
      }
    }
  }
  const std::vector<Hit>& hits() const { return hits_; }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> forms_;
  std::vector<Hit> hits_;
};

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string write_canary_file(const test::TemporaryDirectory& directory, const std::string& name,
                              const std::string& text) {
  std::ofstream(directory.file(name)) << text;
  std::filesystem::permissions(directory.file(name), std::filesystem::perms::owner_read);
  return directory.file(name);
}

// A line out of the middle of the key: by lines is how it would get into a log.
std::string line_of_private_key() {
  std::istringstream lines(support::fixture("keys/rs256.pem"));
  std::string line;
  for (int i = 0; i < 5; ++i) std::getline(lines, line);
  return line;
}

std::string platform_file_text() {
  return json{{"base_url", "http://127.0.0.1:9"}, {"api_token", platform_token}, {"shared_key", platform_shared_key}}
      .dump();
}

// A server that knows all the planted secrets, and whoever asks it: every answer is kept.
class CanaryLife {
 public:
  CanaryLife()
      : environment_{{"SLUICE_NOTICE_WEBHOOK_KEY", webhook_key},
                     {"SLUICE_SMTP_USER", "sluice"},
                     {"SLUICE_SMTP_PASSWORD", mail_password},
                     {"SLUICE_KEY_FILE", write_canary_file(files_, "keys", base::to_base64(sealing_key))}},
        linking({"--verbose", "--allow-host", stand_in.url().substr(7), "--notice-webhook", stand_in.url() + "/notices",
                 "--notice-mail", "ops@example.com", "--smtp", mails.url(), "--survey-platform",
                 write_canary_file(files_, "platform.json", platform_file_text())},
                environment_) {}

  HttpAnswer call(const std::string& method, const std::string& path, const std::string& body = "") {
    HttpAnswer answer = linking.world.server.call(method, path, body);
    answers_ += method + " " + path + "\n";
    keep(answer);
    return answer;
  }
  json ask(const std::string& method, const std::string& path, const json& body = nullptr) {
    const HttpAnswer answer = call(method, path, body.is_null() ? "" : body.dump());
    INFO(method << " " << path << ": " << answer.body);
    REQUIRE(answer.status / 100 == 2);
    return answer.body.empty() ? json() : json::parse(answer.body);
  }
  void keep(const HttpAnswer& answer) {
    for (const auto& [name, value] : answer.headers) answers_ += name + ": " + value + "\n";
    answers_ += answer.body + "\n";
  }

  void live_again(const std::string& crash_at = "") {
    std::map<std::string, std::string> environment = environment_;
    if (!crash_at.empty()) environment["SLUICE_CRASH_AT"] = crash_at;
    REQUIRE(linking.world.server.start(environment));
  }

  // The server's next life ends while it refreshes the stand-in's account.
  void die_at(const std::string& crash_point, const std::string& response) {
    linking.world.server.kill();
    const std::size_t known = stand_in.secrets().size();
    live_again(crash_point + ":1");
    linking.world.server.deliver(SurveyResponse{response, 3}.json());
    CHECK(linking.world.server.signal_at_end() == SIGKILL);
    CHECK(stand_in.secrets().size() == known + 2);
    Search after_death(secrets());
    look_everywhere(after_death);
    CHECK(after_death.hits().empty());
  }

  // All is sealed anew by another key, which the operator has put beside the first.
  void change_keys() {
    const json before = json::parse(as_operator("GET", "/keys").body);
    const std::string first = before.at("keys").at(0).at("id");
    const json keys{{"active", "next"},
                    {"keys", {{first, base::to_base64(sealing_key)}, {"next", base::to_base64(next_sealing_key)}}}};
    std::filesystem::remove(files_.file("keys"));
    write_canary_file(files_, "keys", keys.dump());
    CHECK(as_operator("POST", "/keys/rotate").status == 202);
    support::eventually("the keys are changed", [&] {
      return json::parse(as_operator("GET", "/keys").body).at("rotation").at("state") == "done";
    });
  }
  HttpAnswer as_operator(const std::string& method, const std::string& path) {
    HttpAnswer answer = linking.world.server.call_as(linking.world.server.operator_token(), method, path);
    keep(answer);
    return answer;
  }

  // Links the stand-in by a login, as a browser would; the account's id.
  std::string log_in_at_stand_in() {
    const json begun =
        ask("POST", "/logins", {{"purpose", "link"}, {"environment", "production"}, {"host", stand_in.url()}});
    Browser browser;
    browser.stop_before(stand_in.url());
    browser.open(begun.at("start_url"));
    const std::string query = browser.stopped_at().substr(browser.stopped_at().find('?') + 1);
    const base::http::Form asked = base::http::parse_form(query).value();
    for (const auto& [name, value] : asked) {
      if (name == "state") state_ = value;
    }
    REQUIRE_FALSE(state_.empty());
    browser.stop_before("");
    keep(browser.open(linking.world.server.url() + "/oauth/callback?" +
                      base::http::to_form({{"code", code}, {"state", state_}})));
    const json login = ask("GET", "/logins/" + begun.at("id").get<std::string>());
    INFO(login.dump());
    REQUIRE(login.at("state") == "done");
    return login.at("account");
  }

  std::string run_that_is(const std::string& state, const std::string& response) {
    const std::string run = linking.world.server.accepted_run(SurveyResponse{response, 3}.json());
    linking.world.server.run_when(run, state);
    return run;
  }

  // All that is secret in this life.
  std::vector<std::string> secrets() const {
    std::vector<std::string> all = stand_in.secrets();
    all.insert(all.end(),
               {app_secret, refused_client_secret, code, password_of_refused_file, platform_token, platform_shared_key,
                webhook_key, mail_password, sealing_key, next_sealing_key, line_of_private_key(), state_, user_token,
                named_token, linking.world.server.token(), linking.world.server.operator_token(),
                linking.world.org.client_secret(), linking.world.org.password()});
    return all;
  }

  void look_everywhere(Search& search) const {
    search.look_into("the answers", answers_);
    search.look_into("the log", linking.world.server.log());
    for (const support::MailTaker::Taken& mail : mails.taken()) search.look_into("a mail", mail.text);
    const std::filesystem::path data = std::filesystem::path(linking.world.database_file()).parent_path();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
      const std::string name = entry.path().filename();
      // These two hold a token each, for the verbs on this machine; nobody else may read them.
      if (name == "token" || name == "operator_token") {
        CHECK((entry.status().permissions() & std::filesystem::perms(0077)) == std::filesystem::perms::none);
        continue;
      }
      if (entry.is_regular_file()) search.look_into(name, content_of(entry.path()));
    }
  }

  StandInOrg stand_in;
  support::MailTaker mails;
  std::string user_token;
  std::string named_token;

 private:
  test::TemporaryDirectory files_;
  std::map<std::string, std::string> environment_;
  std::string state_;
  std::string answers_;

 public:
  LinkingWorld linking;
};

// Requests that a person gets wrong, with the secret in them.
void send_faulty_requests(CanaryLife& life, const std::string& account) {
  const json refused{{"environment", "production"},
                     {"login", "client_credentials"},
                     {"token_url", life.linking.world.org.url() + "/services/oauth2/token"},
                     {"client_id", life.linking.world.org.client_id()},
                     {"client_secret", refused_client_secret}};
  CHECK(life.call("POST", "/accounts", refused.dump()).status == 422);
  CHECK(life.call("POST", "/accounts", refused.dump().substr(0, refused.dump().size() - 4)).status / 100 == 4);
  json misspelt = refused;
  misspelt["client_secrett"] = refused_client_secret;
  CHECK(life.call("POST", "/accounts", misspelt.dump()).status == 422);
  json of_wrong_type = refused;
  of_wrong_type["client_secret"] = json::array({refused_client_secret});
  CHECK(life.call("POST", "/accounts", of_wrong_type.dump()).status == 422);
  json by_token = refused;
  by_token["login"] = "refresh_token";
  by_token["refresh_token"] = password_of_refused_file;
  CHECK(life.call("POST", "/accounts", by_token.dump()).status == 422);
  life.call("POST", "/accounts/" + account + "/refresh", json{{"client_secret", refused_client_secret}}.dump());
  life.call("POST", "/apps", json{{"host", app_secret}, {"client_secret", json::array({app_secret})}}.dump());
  life.call("GET", "/logins?client_secret=x");
  life.call("PUT", "/workflows/unknown/bindings/crm", json{{"account", account}}.dump());
}

// An account that logs in by a signature; and one whose refused login is told with all that it had sent.
void link_by_signature(CanaryLife& life) {
  const promises::OrgProgram& org = life.linking.world.org;
  org.local("PUT", "/_local/policies",
            json{{"certificate", support::fixture("keys/rs256.certificate.pem")},
                 {"permitted_users", "AdminApprovedPreAuthorized"},
                 {"approved_users", {org.username()}}}
                .dump());
  json account{
      {"environment", "production"},  {"login", "jwt_bearer"},      {"token_url", org.url() + "/services/oauth2/token"},
      {"client_id", org.client_id()}, {"username", org.username()}, {"key", support::fixture("keys/rs256.pem")}};
  life.ask("POST", "/accounts", account);
  account["token_url"] = life.stand_in.url() + "/services/oauth2/token";
  life.stand_in.end_all_tokens();
  CHECK(life.call("POST", "/accounts", account.dump()).status == 422);
  life.stand_in.give_tokens_again();
}

// The server ends by a fault of its own, as it would of a wild pointer: no dump of its memory is left.
void die_of_a_fault(CanaryLife& life) {
  rlimit dumps{};
  getrlimit(RLIMIT_CORE, &dumps);
  dumps.rlim_cur = dumps.rlim_max;
  setrlimit(RLIMIT_CORE, &dumps);  // the programs from now on leave one unless they forbid it
  life.live_again();
  CHECK(life.linking.world.server.fail() == SIGABRT);
  CHECK_FALSE(life.linking.world.server.has_dumped_core());
}

void read_all_pages(CanaryLife& life, const std::vector<std::string>& accounts) {
  for (const char* path :
       {"/runs", "/runs?not_started=true", "/accounts", "/apps", "/workflows", "/notices", "/audit", "/audit/verify",
        "/users", "/projects", "/groups", "/me", "/license", "/metrics", "/livez", "/readyz", "/openapi.json"})
    life.call("GET", path);
  for (const std::string& account : accounts) {
    for (const char* below : {"", "/dependants"}) life.call("GET", "/accounts/" + account + below);
    life.call("POST", "/accounts/" + account + "/doctor");
  }
  const json runs = life.linking.world.server.all_runs();
  for (const json& run : runs) life.call("GET", "/runs/" + run.at("id").get<std::string>());
}

}  // namespace

TEST_CASE("no planted secret is found in the data file, its WAL, the logs or any answer, in any encoding") {
  CanaryLife life;
  const json me = life.linking.ask(life.linking.admin, "GET", "/me").at("user");
  life.user_token = life.linking.add_user("maria").token;
  life.named_token =
      life.linking
          .ask(life.linking.admin, "POST", "/users/" + me.at("id").get<std::string>() + "/tokens", {{"label", "ci"}})
          .at("token");
  const std::string workflow = life.ask("GET", "/workflows").at("workflows").at(0).at("id");
  const std::string working = life.ask("GET", "/workflows").at("workflows").at(0).at("bindings").at("crm");
  life.run_that_is("succeeded", "R_1");

  life.ask("POST", "/apps",
           {{"host", life.stand_in.url()},
            {"environment", "production"},
            {"client_id", "3MVG9.canary"},
            {"client_secret", app_secret}});
  const std::string account = life.log_in_at_stand_in();
  life.ask("PUT", "/workflows/" + workflow + "/bindings/crm", {{"account", account}});
  send_faulty_requests(life, working);
  link_by_signature(life);
  life.change_keys();

  // Every call finds its token expired, and the refresh of it dies with the server: with the new tokens on the disk,
  // ...
  life.die_at("refresh_after_store", "R_2");
  life.stand_in.end_all_tokens();
  life.live_again();
  const std::string held = life.run_that_is("held", "R_3");
  CHECK(life.call("GET", "/runs/" + held).body.find("account_token_expired") != std::string::npos);
  CHECK(life.call("POST", "/accounts/" + account + "/refresh").status / 100 == 4);
  read_all_pages(life, {account, working});
  support::eventually("the notice of it is mailed, after a login by the planted password", [&] {
    const std::vector<support::MailTaker::Taken> mails = life.mails.taken();
    return !mails.empty() && mails.back().login.find(mail_password) != std::string::npos;
  });
  // ... and with them nowhere but in its memory.
  life.stand_in.give_tokens_again();
  const std::string another = life.log_in_at_stand_in();
  life.ask("PUT", "/workflows/" + workflow + "/bindings/crm", {{"account", another}});
  life.die_at("refresh_before_store", "R_4");
  die_of_a_fault(life);

  Search search(life.secrets());
  life.look_everywhere(search);
  for (const Hit& hit : search.hits()) UNSCOPED_INFO(hit);
  CHECK(search.hits().empty());
  CHECK(life.secrets().size() >= 12);
  for (const std::string& secret : life.secrets()) CHECK(secret.size() >= 8);
}

TEST_CASE("the search for planted secrets finds each of them, however it is written") {
  const std::string secret = app_secret;
  for (const std::string& text :
       {secret, base::to_hex(secret), in_upper_case(base::to_hex(secret)), base::http::percent_encode(secret),
        in_percents(secret, "0123456789ABCDEF"), base::to_base64("x" + secret + "yz"), base::to_base64("xy" + secret),
        base::to_base64url(secret + "y")}) {
    INFO(text);
    Search search({secret});
    search.look_into("a log", "before " + text + " after");
    CHECK_FALSE(search.hits().empty());
  }
}
