// The document in the body of a push: its text byte for byte, and what it says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/definition.hpp"

namespace app::api {

// The bytes of a member of the body's object, as they came; nullopt: there is none, or the body is no object.
std::optional<std::string> member_as_it_came(std::string_view body, std::string_view name);

// The member `document`: an object, or a text that holds one, so that a file comes back byte for byte.
struct PushedDocument {
  std::string source;
  engine::DefinitionCheck check;
};
std::optional<PushedDocument> read_pushed_document(std::string_view body, const engine::Catalog& catalog);

}  // namespace app::api
