// Small JSON bodies of administrative requests: read, or refused with what is missing.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/http/server.hpp"
#include "base/result.hpp"

namespace app::api {

// An object, also for an empty body; nullopt for anything else.
std::optional<nlohmann::json> object_of(const base::http::ServerRequest& request);
// A text member; "" when it is missing or no text.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace app::api
