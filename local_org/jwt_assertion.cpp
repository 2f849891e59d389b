// The signed assertion of the JWT bearer flow.
#include "local_org/jwt_assertion.hpp"

#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "local_org/oauth_refusal.hpp"

namespace local_org {
namespace {

OAuthRefusal invalid_assertion() { return {"invalid_grant", "invalid assertion"}; }

nlohmann::json jwt_part(std::string_view part) {
  const std::optional<std::string> text = base::from_base64(part);
  const base::Result<nlohmann::json> json = base::parse_json(text.value_or(""));
  if (!json || !json->is_object()) throw invalid_assertion();
  return *json;
}

std::string jwt_text(const nlohmann::json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_string()) throw invalid_assertion();
  return found->get<std::string>();
}

double jwt_expiry(const nlohmann::json& claims) {
  const auto found = claims.find("exp");
  if (found == claims.end()) throw invalid_assertion();
  if (found->is_number()) return found->get<double>();
  const std::string text = found->is_string() ? found->get<std::string>() : "";
  double seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size()) throw invalid_assertion();
  return seconds;
}

}  // namespace

JwtAssertion read_jwt_assertion(std::string_view assertion, std::string_view certificate, base::TimePoint now) {
  const std::size_t first = assertion.find('.');
  const std::size_t second = first == std::string_view::npos ? first : assertion.find('.', first + 1);
  if (second == std::string_view::npos) throw invalid_assertion();
  const nlohmann::json header = jwt_part(assertion.substr(0, first));
  const std::optional<std::string> signature = base::from_base64(assertion.substr(second + 1));
  const bool is_signed = jwt_text(header, "alg") == "RS256" && signature &&
                         base::verify_rs256(certificate, assertion.substr(0, second), *signature);
  if (!is_signed) throw invalid_assertion();
  const nlohmann::json claims = jwt_part(assertion.substr(first + 1, second - first - 1));
  if (jwt_expiry(claims) * 1000 <= static_cast<double>(base::to_millis(now))) throw invalid_assertion();
  return {jwt_text(claims, "iss"), jwt_text(claims, "sub"), jwt_text(claims, "aud")};
}

}  // namespace local_org
