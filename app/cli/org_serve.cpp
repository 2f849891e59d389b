// `sluice org serve`: the local org as a server of its own.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "base/system_clock.hpp"
#include "local_org/package.hpp"
#include "local_org/server.hpp"

namespace app::cli {
namespace {

struct OrgServeArguments {
  std::string environment = "production";
  std::string org_id{}, client_id{}, client_secret{}, username{}, password{}, access_token{};  // what is given is fixed
  std::string file = ":memory:";
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate{};
  std::string key{};
  bool rotate_refresh_tokens = false;
  bool require_pkce = false;
  std::vector<std::string> redirect_uris{};
  std::vector<std::string> users{};     // NAME:PASSWORD
  std::string policies{};               // file
  std::vector<std::string> packages{};  // folders
  std::string describes{};              // folder
  bool json = false;
};

auto keeper_of(std::vector<std::string>& texts) {
  return [&texts](const std::string& text) {
    texts.push_back(text);
    return std::string();
  };
}

// The file's policies, with those that a flag of its own sets.
std::string policies_of(const OrgServeArguments& arguments) {
  nlohmann::json policies = nlohmann::json::object();
  if (!arguments.policies.empty()) {
    std::ifstream file(arguments.policies);
    policies = nlohmann::json::parse(file, nullptr, false);
    if (!policies.is_object()) throw std::invalid_argument(arguments.policies + " holds no JSON object");
  }
  if (arguments.require_pkce) policies["requires_pkce"] = true;
  if (!arguments.redirect_uris.empty()) policies["redirect_uris"] = arguments.redirect_uris;
  return policies.dump();
}

// False, and the faults are printed, when one cannot be taken in. What is left out is told in every case.
bool add_packages(const std::vector<std::string>& folders, local_org::LocalOrgOptions& options) {
  local_org::Schema schema = local_org::standard_schema();
  for (const std::string& describe : options.more_describes) schema.add(describe);
  base::Findings findings;
  for (const std::string& folder : folders) {
    local_org::PackageReading reading = local_org::read_package(folder, schema);
    for (std::string& describe : reading.package.describes) {
      schema.add(describe);
      options.more_describes.push_back(std::move(describe));
    }
    for (local_org::PermissionSetDocument& set : reading.package.permission_sets)
      options.permission_sets.push_back(std::move(set.json));
    std::move(reading.findings.begin(), reading.findings.end(), std::back_inserter(findings));
  }
  // With --json, stdout holds how to reach the org, and nothing else.
  print_findings(findings, false);
  return !base::has_errors(findings);
}

// The *.json of the folder, in the order of their names; none without a folder.
std::vector<std::string> describes_in(const std::string& folder) {
  std::vector<std::string> paths;
  if (folder.empty()) return paths;
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const std::string& path : paths) texts.push_back(read_text_file(path));
  return texts;
}

int serve_org(const OrgServeArguments& arguments) {
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::warning);
  base::SystemClock clock(loop);
  base::SystemRandom random;
  local_org::LocalOrgOptions options;
  options.path = arguments.file;
  options.environment =
      arguments.environment == "sandbox" ? local_org::Environment::sandbox : local_org::Environment::production;
  options.fixed.org_id = arguments.org_id;
  options.fixed.client_id = arguments.client_id;
  options.fixed.client_secret = arguments.client_secret;
  options.fixed.username = arguments.username;
  options.fixed.password = arguments.password;
  options.fixed.access_token = arguments.access_token;
  options.rotates_refresh_tokens = arguments.rotate_refresh_tokens;
  options.policies = policies_of(arguments);
  options.more_describes = describes_in(arguments.describes);
  if (!add_packages(arguments.packages, options)) return Exit::bad_input;
  local_org::LocalOrg org(std::move(options), clock, random);
  for (const std::string& user : arguments.users) {
    const std::size_t colon = user.find(':');
    if (colon == std::string::npos) throw std::invalid_argument("--user takes NAME:PASSWORD");
    org.add_user(user.substr(0, colon), user.substr(colon + 1));
  }
  local_org::Served served(org, loop, log, {arguments.address, arguments.port, arguments.certificate, arguments.key});

  const local_org::Credentials credentials = org.credentials();
  if (arguments.json) {
    std::cout << local_org::to_json(credentials).text << std::endl;
  } else {
    std::cout << "A local org listens on " << served.url() << "\n"
              << "  org id         " << credentials.org_id << "\n"
              << "  client id      " << credentials.client_id << "\n"
              << "  client secret  " << credentials.client_secret << "\n"
              << "  user           " << credentials.username << " / " << credentials.password << "\n"
              << "  access token   " << credentials.access_token << "\n"
              << "  login          " << served.url() << "/services/oauth2/authorize\n"
              << "  token endpoint " << served.url() << "/services/oauth2/token\n"
              << "  call log       " << served.url() << "/_local/calls\n"
              << "  policies       " << served.url() << "/_local/policies\n"
              << std::flush;
  }
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) {
    served.stop();
    loop.stop();
  });
  loop.run();
  return Exit::fine;
}

}  // namespace

void add_org(VerbGroup& program) {
  VerbGroup org = program.group("org", "a Salesforce-compatible org on this machine, and the schema of any org");
  add_org_snapshot(org);
  add_org_drift(org);
  add_org_package(org);
  auto verb = org.verb("serve", "serve the local org until interrupted", serve_org);
  verb.option("--port", verb->port, "0: any free one");
  verb.option("--address", verb->address, "address to listen on");
  verb.option("--file", verb->file, "keep the records in this file");
  verb.option("--environment", verb->environment, "production or sandbox").one_of({"production", "sandbox"});
  verb.option("--org-id", verb->org_id, "fix the org's id");
  verb.option("--client-id", verb->client_id, "fix the client id");
  verb.option("--client-secret", verb->client_secret, "fix the client secret");
  verb.option("--username", verb->username, "fix the user's name");
  verb.option("--password", verb->password, "fix the password");
  verb.option("--access-token", verb->access_token, "fix the first access token");
  verb.flag("--rotate-refresh-tokens", verb->rotate_refresh_tokens, "each refresh gives a new refresh token");
  verb.flag("--require-pkce", verb->require_pkce, "logins without a code challenge are refused");
  verb.repeatable("--redirect-uri", keeper_of(verb->redirect_uris),
                  "where logins may return to; without any: to this machine");
  verb.repeatable("--user", keeper_of(verb->users), "NAME:PASSWORD of one more user");
  verb.option("--policies", verb->policies, "JSON file as /_local/policies takes it");
  verb.repeatable("--package", keeper_of(verb->packages),
                  "folder in Salesforce's source format, as `org package` writes it: objects, fields, record types and "
                  "permission sets that the org gets (repeatable)");
  verb.option("--describe", verb->describes,
              "folder of objects as sobjects/NAME/describe answers, one *.json each; they replace those of the same "
              "name");
  verb.option("--tls-certificate", verb->certificate, "PEM file; with --tls-key: serve https");
  verb.option("--tls-key", verb->key, "PEM file");
  take_json(verb, verb->json);
}

}  // namespace app::cli
