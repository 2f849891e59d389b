#include "connectors/accounts/login_app.hpp"

#include <fmt/format.h>

namespace connectors {

namespace {

constexpr std::string_view app_name = "Sluice";

std::string xml_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

using Elements = std::vector<std::pair<std::string_view, std::string>>;

std::string metadata_of(std::string_view type, const Elements& elements) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n", type);
  for (const auto& [name, value] : elements) out += fmt::format("    <{0}>{1}</{0}>\n", name, xml_text(value));
  return out + fmt::format("</{}>\n", type);
}

std::string manifest() {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n";
  for (std::string_view type : {"ExternalClientApplication", "ExtlClntAppGlobalOauthSettings",
                                "ExtlClntAppOauthConfigurablePolicies", "ExtlClntAppOauthSettings"}) {
    out += fmt::format("    <types>\n        <members>*</members>\n        <name>{}</name>\n    </types>\n", type);
  }
  return out + "    <version>64.0</version>\n</Package>\n";
}

}  // namespace

std::string callback_of(std::string_view public_url) { return fmt::format("{}/oauth/callback", public_url); }

std::vector<std::string> login_app_steps(const LoginApp& app, const std::string& callback) {
  return {
      fmt::format(
          "Log in to the org behind {} as an admin and open Setup > Apps > External Client Apps > External Client "
          "App Manager.",
          app.login_url),
      "Choose New External Client App; name it Sluice, give your contact mail address, distribution state Local.",
      fmt::format(
          "Under API (Enable OAuth Settings), enable OAuth and set the callback URL to {} exactly. For logins from "
          "the command line add http://127.0.0.1/callback as a second line.",
          callback),
      "Choose the OAuth scopes: Manage user data via APIs (api); Perform requests at any time (refresh_token, "
      "offline_access); Access the identity URL service (id).",
      "Require Proof Key for Code Exchange (PKCE). If you register Sluice without a client secret, switch off Require "
      "Secret for Web Server Flow and Require Secret for Refresh Token Flow.",
      "Save; then, on the app's tab Policies, edit the OAuth policies: Permitted Users 'All users may self-authorize', "
      "Refresh Token Policy 'Refresh token is valid until revoked'. Where the org limits idle tokens to 30 days, that "
      "is "
      "as good as it gets.",
      "Users who approve the app need 'Approve Uninstalled Connected Apps', unless the app is installed in the org.",
      "In Setup > Security > Session Settings, leave both options off that lock sessions to an IP address or a domain.",
      "Wait up to ten minutes, then give Sluice the app's consumer key and secret: sluice apps add.",
  };
}

std::vector<SetupFile> external_client_app_files(const LoginApp& app, const std::string& callback) {
  const std::string name(app_name);
  const std::string optional_secret = app.has_secret ? "false" : "true";
  const std::string needed_secret = app.has_secret ? "true" : "false";
  return {
      {"sfdx-project.json",
       "{\n  \"packageDirectories\": [{ \"path\": \"force-app\", \"default\": true }],\n  \"sourceApiVersion\": "
       "\"64.0\"\n}\n"},
      {"manifest/package.xml", manifest()},
      {"force-app/main/default/externalClientApps/Sluice.eca-meta.xml",
       metadata_of("ExternalClientApplication", {{"contactEmail", "admin@example.com"},
                                                 {"description", "Carries survey responses into this org"},
                                                 {"distributionState", "Local"},
                                                 {"isProtected", "false"},
                                                 {"label", name}})},
      {"force-app/main/default/extlClntAppGlobalOauthSets/Sluice_glbloauth.ecaGlblOauth-meta.xml",
       metadata_of("ExtlClntAppGlobalOauthSettings", {{"callbackUrl", callback},
                                                      {"externalClientApplication", name},
                                                      {"isConsumerSecretOptional", optional_secret},
                                                      {"isIntrospectAllTokens", "false"},
                                                      {"isPkceRequired", "true"},
                                                      {"isSecretRequiredForRefreshToken", needed_secret},
                                                      {"label", "Sluice_glbloauth"},
                                                      {"shouldRotateConsumerKey", "false"},
                                                      {"shouldRotateConsumerSecret", "false"}})},
      {"force-app/main/default/extlClntAppOauthSettings/Sluice_oauth.ecaOauth-meta.xml",
       metadata_of("ExtlClntAppOauthSettings", {{"commaSeparatedOauthScopes", "Api, RefreshToken, Basic"},
                                                {"externalClientApplication", name},
                                                {"label", "Sluice_oauth"}})},
      {"force-app/main/default/extlClntAppOauthPolicies/Sluice_oauthPlcy.ecaOauthPlcy-meta.xml",
       metadata_of("ExtlClntAppOauthConfigurablePolicies", {{"externalClientApplication", name},
                                                            {"ipRelaxationPolicyType", "Enforce"},
                                                            {"label", "Sluice_oauthPlcy"},
                                                            {"permittedUsersPolicyType", "AllSelfAuthorized"},
                                                            {"refreshTokenPolicyType", "Infinite"}})},
  };
}

}  // namespace connectors
