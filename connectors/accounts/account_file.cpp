#include "connectors/accounts/account_file.hpp"

#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/id.hpp"
#include "base/json_document.hpp"
#include "base/json_schema.hpp"
#include "connectors/accounts/endpoint_url.hpp"
#include "schemas/embedded.hpp"

namespace connectors {

namespace {

// Turns a document into an account and says what its schema cannot say. It also reads one that the schema has faulted,
// so that all faults come at once: a member of the wrong type counts as absent, since the schema has named it.
class AccountReader {
 public:
  AccountReader(const nlohmann::json& root, std::string path, const SecretReferences& references,
                bool may_always_be_plain)
      : root_(root), path_(std::move(path)), references_(references), may_always_be_plain_(may_always_be_plain) {}

  LinkedAccount read() {
    LinkedAccount account;
    account.id = base::derived_id("acc_", {path_});
    account.name = text("name", std::filesystem::path(path_).stem().string());
    account.origin = Origin::extensions;
    account.environment =
        text("environment") == to_string(Environment::sandbox) ? Environment::sandbox : Environment::production;
    account.org_id = text("org_id");
    account.shares = {{"brand", false}};
    account.login.kind = login_kind_from(text("login"));
    account.login.token_url = text("token_url");
    account.login.client_id = text("client_id");
    account.login.username = text("username");
    account.login.audience = text("audience");
    account.login.instance_url = text("instance_url");
    while (account.login.instance_url.ends_with('/')) account.login.instance_url.pop_back();

    if (!account.login.token_url.empty()) check_token_url(account);
    if (!account.login.instance_url.empty()) check_endpoint("instance_url", account.login.instance_url);
    if (!account.login.audience.empty()) check_endpoint("audience", account.login.audience);
    bool secrets_may_be_plain = may_always_be_plain_;
    if (auto url = parse_endpoint_url(account.login.token_url))
      secrets_may_be_plain = secrets_may_be_plain || is_loopback(url->host);
    account.login.client_secret =
        secret("client_secret", account.login.kind == LoginKind::client_credentials, secrets_may_be_plain);
    account.login.refresh_token =
        secret("refresh_token", account.login.kind == LoginKind::refresh_token, secrets_may_be_plain);
    account.login.private_key = secret("key", account.login.kind == LoginKind::jwt_bearer, secrets_may_be_plain);
    if (account.login.kind == LoginKind::jwt_bearer) check_jwt(account.login);
    return account;
  }

  base::Findings take_findings() { return std::move(findings_); }

 private:
  std::string text(const char* name, std::string other = "") const {
    auto at = root_.find(name);
    return at == root_.end() || !at->is_string() ? std::move(other) : at->get<std::string>();
  }

  void find(std::string code, std::string pointer, std::string message, std::string hint,
            base::Severity severity = base::Severity::error) {
    findings_.push_back({.code = std::move(code),
                         .pointer = std::move(pointer),
                         .message = std::move(message),
                         .hint = std::move(hint),
                         .severity = severity});
  }

  void check_endpoint(const char* name, const std::string& url) {
    if (std::string wrong = what_is_wrong_with_endpoint(url); !wrong.empty()) {
      find("account_endpoint", fmt::format("/{}", name), std::move(wrong), "");
    }
  }

  void check_token_url(const LinkedAccount& account) {
    check_endpoint("token_url", account.login.token_url);
    auto url = parse_endpoint_url(account.login.token_url);
    if (!url) return;
    bool is_shared_host = url->host == "login.salesforce.com" || url->host == "test.salesforce.com";
    if (is_shared_host && account.login.kind == LoginKind::client_credentials) {
      find("account_endpoint", "/token_url", fmt::format("{} does not serve the login client_credentials", url->host),
           "https://<your My Domain>.my.salesforce.com/services/oauth2/token");
    }
    bool is_sandbox_host = url->host == "test.salesforce.com" || url->host.ends_with(".sandbox.my.salesforce.com");
    bool is_production_host = url->host == "login.salesforce.com";
    if ((is_sandbox_host && account.environment == Environment::production) ||
        (is_production_host && account.environment == Environment::sandbox)) {
      find("account_environment", "/environment",
           fmt::format("{} is the host of a {}, but the account is called {}", url->host,
                       is_sandbox_host ? "sandbox" : "production org", to_string(account.environment)),
           is_sandbox_host ? "sandbox" : "production");
    }
    if (url->path.empty() || url->path == "/") {
      find("account_endpoint", "/token_url", "the address names a host, not its token endpoint",
           fmt::format("{}/services/oauth2/token",
                       account.login.token_url.substr(0, account.login.token_url.find_last_not_of('/') + 1)));
    }
  }

  void check_jwt(const Login& login) {
    if (login.username.empty()) {
      find("schema_missing_property", "", "the login jwt_bearer needs 'username': whom the app logs in",
           R"("username": "integration@acme.com")");
    }
    if (login.private_key.empty()) return;
    // Found out now and not at the first run.
    if (base::Result<std::string> signature = base::sign_rs256(login.private_key, "a try"); !signature) {
      find("private_key_unreadable", "/key", signature.error().message,
           "the RSA key, PEM, that belongs to the app's certificate");
    }
  }

  base::Secret secret(const std::string& name, bool is_needed, bool may_be_plain) {
    auto at = root_.find(name);
    std::string pointer = "/" + name;
    if (at == root_.end()) {
      if (is_needed) {
        find("account_secret_missing", "", fmt::format("the login {} needs '{}'", text("login"), name),
             fmt::format(R"("{}": {{ "env": "NAME_OF_A_VARIABLE" }})", name));
      }
      return base::Secret();
    }
    if (at->is_string() && !may_be_plain) {
      find("account_secret_in_plain_text", pointer, fmt::format("'{}' stands in the file itself", name),
           R"({ "env": "NAME_OF_A_VARIABLE" } or { "file": "PATH" })", base::Severity::warning);
    }
    return references_.read(*at, pointer, findings_);
  }

  const nlohmann::json& root_;
  std::string path_;
  const SecretReferences& references_;
  bool may_always_be_plain_;
  base::Findings findings_;
};

// Each part with its length: no two logins share their bytes.
std::string hash_of(const Login& login) {
  std::string all;
  for (std::string_view part :
       {to_string(login.kind), std::string_view(login.token_url), std::string_view(login.client_id),
        std::string_view(login.client_secret.reveal()), std::string_view(login.refresh_token.reveal()),
        std::string_view(login.username), std::string_view(login.private_key.reveal()),
        std::string_view(login.audience), std::string_view(login.instance_url)})
    all += fmt::format("{}:{},", part.size(), part);
  const base::Secret bytes(std::move(all));
  return base::to_hex(base::sha256(bytes.reveal()));
}

AccountFile read_account(const base::JsonDocument& document, const std::string& path,
                         const SecretReferences& references, bool may_always_be_plain) {
  AccountFile result{.findings = document.findings()};
  if (!document.readable()) return result;

  base::JsonSchema schema(schemas::text_of("account.schema.json"));
  base::Findings faults = schema.check(document.root());
  if (document.root().is_object()) {
    AccountReader reader(document.root(), path, references, may_always_be_plain);
    LinkedAccount account = reader.read();
    for (base::Finding& finding : reader.take_findings()) faults.push_back(std::move(finding));
    if (!base::has_errors(faults) && !base::has_errors(result.findings)) result.account = std::move(account);
  }
  document.locate(faults);
  result.findings.insert(result.findings.end(), faults.begin(), faults.end());
  return result;
}

}  // namespace

AccountFile read_account_file(const std::string& path, const Environ& environment) {
  AccountFile file =
      read_account(base::JsonDocument::read_file(path), path, SecretReferences(path, environment), false);
  if (file.account) file.account->login.file_login = hash_of(file.account->login);
  return file;
}

AccountFile read_account_body(std::string_view body) {
  return read_account(base::JsonDocument::read(body, "body"), "body", SecretReferences("", process_environment, false),
                      true);
}

}  // namespace connectors
