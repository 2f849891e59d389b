#include "app/api/body.hpp"

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace app::api {

std::optional<nlohmann::json> object_of(const base::http::ServerRequest& request) {
  if (request.body.empty()) return nlohmann::json::object();
  base::Result<nlohmann::json> json = base::parse_json(request.body);
  if (!json || !json->is_object()) return std::nullopt;
  return *std::move(json);
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace app::api
