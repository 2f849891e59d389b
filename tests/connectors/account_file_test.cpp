// Account files: every fault at its place, secrets by reference.
#include "connectors/accounts/account_file.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "connectors/accounts/endpoint_url.hpp"
#include "tests/support/fixture.hpp"

using connectors::AccountFile;
using connectors::read_account_file;

namespace {

// A folder of its own for every test, gone at its end.
struct AccountFolder {
  std::filesystem::path path;
  AccountFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "accounts-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~AccountFolder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

std::optional<std::string> variables(const std::string& name) {
  if (name == "CRM_SECRET") return "from the environment";
  return std::nullopt;
}

AccountFile read_account(std::string_view text) {
  AccountFolder folder;
  return read_account_file(folder.write("crm.json", text), variables);
}

std::vector<std::string> finding_lines(const AccountFile& file) {
  std::vector<std::string> all;
  for (const base::Finding& one : file.findings) {
    all.push_back(one.pointer + ": " + one.message + " [" + one.code + "]");
  }
  return all;
}

}  // namespace

TEST_CASE("a server-to-server account is read with its secret from the environment") {
  AccountFile file = read_account(R"({
    "name": "CRM sandbox", "environment": "sandbox", "login": "client_credentials",
    "token_url": "https://acme--dev.sandbox.my.salesforce.com/services/oauth2/token",
    "client_id": "3MVG9", "client_secret": {"env": "CRM_SECRET"}, "org_id": "00D5e000001N20QEAS",
    "instance_url": "https://acme--dev.sandbox.my.salesforce.com/"})");

  CHECK(file.findings.empty());
  REQUIRE(file.account);
  CHECK(file.account->name == "CRM sandbox");
  CHECK(file.account->environment == connectors::Environment::sandbox);
  CHECK(file.account->origin == connectors::Origin::extensions);
  CHECK(file.account->login.kind == connectors::LoginKind::client_credentials);
  CHECK(file.account->login.client_secret.reveal() == "from the environment");
  CHECK(file.account->login.instance_url == "https://acme--dev.sandbox.my.salesforce.com");
  CHECK(file.account->org_id == "00D5e000001N20QEAS");
  REQUIRE(file.account->shares.size() == 1);
  CHECK(file.account->shares[0].with == "brand");
}

TEST_CASE("a secret in a file is found beside the account file, its line end dropped") {
  AccountFolder folder;
  folder.write("token", "a refresh token\r\n");
  AccountFile file =
      read_account_file(folder.write("ana.json", R"({"environment": "production", "login": "refresh_token",
    "token_url": "https://login.salesforce.com/services/oauth2/token", "client_id": "3MVG9", "refresh_token": {"file": "token"}})"),
                        variables);

  CHECK(file.findings.empty());
  REQUIRE(file.account);
  CHECK(file.account->name == "ana");
  CHECK(file.account->login.refresh_token.reveal() == "a refresh token");
}

TEST_CASE("a secret in plain text is a warning, and none on this machine") {
  auto with_host = [](std::string url) {
    return read_account(
        R"({"environment": "sandbox", "login": "client_credentials", "client_id": "c", "client_secret": "plain", "token_url": ")" +
        url + R"("})");
  };
  AccountFile away = with_host("https://acme.my.salesforce.com/services/oauth2/token");
  AccountFile here = with_host("http://127.0.0.1:8080/services/oauth2/token");

  REQUIRE(away.account);
  CHECK(finding_lines(away) ==
        std::vector<std::string>{
            "/client_secret: 'client_secret' stands in the file itself [account_secret_in_plain_text]"});
  CHECK(away.findings[0].severity == base::Severity::warning);
  REQUIRE(here.account);
  CHECK(here.findings.empty());
}

TEST_CASE("all faults of a file are named at once, each at its place") {
  AccountFile file = read_account(R"({
  "environment": "production",
  "login": "client_credentials",
  "token_url": "http://test.salesforce.com",
  "client_id": "c",
  "client_secret": {"env": "NOT_SET"},
  "instance_url": "https://acme--dev.sandbox.lightning.force.com",
  "clientid": "c"
})");

  CHECK_FALSE(file.account);
  std::vector<std::string> expected{
      "/token_url: secrets go to test.salesforce.com over plain http; it must be https [account_endpoint]",
      "/token_url: test.salesforce.com does not serve the login client_credentials [account_endpoint]",
      "/environment: test.salesforce.com is the host of a sandbox, but the account is called production "
      "[account_environment]",
      "/token_url: the address names a host, not its token endpoint [account_endpoint]",
      "/instance_url: acme--dev.sandbox.lightning.force.com serves pages, not the API; the API of this org is at "
      "acme--dev.sandbox.my.salesforce.com [account_endpoint]",
      "/client_secret/env: the environment variable NOT_SET is not set [account_secret_missing]",
  };
  std::vector<std::string> found = finding_lines(file);
  REQUIRE(found.size() == expected.size() + 1);
  CHECK(found.front().find("/clientid: ") == 0);
  CHECK(std::vector<std::string>(found.begin() + 1, found.end()) == expected);
  CHECK(file.findings[1].line == 4);
  CHECK(file.findings.back().line == 6);
}

TEST_CASE("a login without its secret, and members of the wrong type, are faults and no crash") {
  CHECK(
      finding_lines(read_account(
          R"({"environment":"sandbox","login":"refresh_token","token_url":"https://a.my.salesforce.com/t","client_id":"c"})")) ==
      std::vector<std::string>{": the login refresh_token needs 'refresh_token' [account_secret_missing]"});
  for (const char* text : {"[]", "null", "{}", "{\"login\":1,\"token_url\":[],\"client_secret\":7}",
                           "{\"client_secret\":{\"env\":1}}", "{\"client_secret\":{}}", "{", "", "\xff"}) {
    INFO(text);
    AccountFile file = read_account(text);
    CHECK_FALSE(file.account);
    CHECK(base::has_errors(file.findings));
  }
  CHECK_FALSE(read_account_file("/nowhere/crm.json", variables).account);
}

TEST_CASE("an account that logs in by a signature names its user and its key's file") {
  AccountFolder folder;
  folder.write("crm.pem", support::fixture("keys/rs256.pem"));
  AccountFile file = read_account_file(folder.write("crm.json", R"({
    "environment": "sandbox", "login": "jwt_bearer", "client_id": "3MVG9", "username": "integration@acme.com.dev",
    "token_url": "https://acme--dev.sandbox.my.salesforce.com/services/oauth2/token", "key": {"file": "crm.pem"},
    "audience": "https://acme--dev.sandbox.my.site.com/customers"})"),
                                       variables);

  CHECK(file.findings.empty());
  REQUIRE(file.account);
  CHECK(file.account->login.kind == connectors::LoginKind::jwt_bearer);
  CHECK(file.account->login.username == "integration@acme.com.dev");
  CHECK(file.account->login.private_key.reveal() + "\n" == support::fixture("keys/rs256.pem"));
  CHECK(file.account->login.audience == "https://acme--dev.sandbox.my.site.com/customers");
}

TEST_CASE("all faults of a login by signature are named at once") {
  const std::string start = R"({"environment":"production","login":"jwt_bearer","client_id":"c",
    "token_url":"https://login.salesforce.com/services/oauth2/token")";
  CHECK(finding_lines(read_account(start + "}")) ==
        std::vector<std::string>{
            ": the login jwt_bearer needs 'key' [account_secret_missing]",
            ": the login jwt_bearer needs 'username': whom the app logs in [schema_missing_property]"});
  const std::vector<std::string> of_key = finding_lines(read_account(
      start + R"(,"username":"a@b.c","key":{"env":"CRM_SECRET"},"audience":"http://login.salesforce.com"})"));
  REQUIRE(of_key.size() == 2);
  CHECK_THAT(of_key[0], Catch::StartsWith("/audience: ") && Catch::EndsWith("[account_endpoint]"));
  CHECK_THAT(of_key[1], Catch::StartsWith("/key: ") && Catch::EndsWith("[private_key_unreadable]"));
  CHECK_THAT(of_key[1], !Catch::Contains("from the environment"));
}

TEST_CASE("secrets go nowhere but to https or this machine") {
  using connectors::what_is_wrong_with_endpoint;
  for (const char* url : {"https://acme.my.salesforce.com/x", "HTTPS://Acme.My.Salesforce.Com", "http://127.0.0.1:80/x",
                          "http://localhost", "http://[::1]:8080/x", "http://127.8.9.1"}) {
    INFO(url);
    CHECK(what_is_wrong_with_endpoint(url) == "");
  }
  for (const char* url :
       {"", "acme.my.salesforce.com", "ftp://acme.com", "http://acme.my.salesforce.com", "https://", "https:///x",
        "http://127.0.0.1.evil.com", "http://127.evil.com", "http://127.0.0.1@evil.com", "http://localhost.evil.com",
        "http://[::1", "https://acme.lightning.force.com/lightning", "https://a b.com"}) {
    INFO(url);
    CHECK(what_is_wrong_with_endpoint(url) != "");
  }
}
