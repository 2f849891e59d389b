// The licence of a brand, as its admin and the operator set it, and what is refused without it.
#pragma once

#include <optional>
#include <string_view>

#include "app/api/context.hpp"
#include "engine/definition.hpp"

namespace app::api {

base::http::Response license_answer(const engine::Brand& brand, std::optional<std::int64_t> released = {});

// {"extensions": ["salesforce"]}: runs that an extension was missing to go on.
Answer set_license(Context& context, const Principal& who, engine::BrandId brand, Request& request);

// 409 extension_not_licensed where the brand's licence lacks the extension; nullopt: it holds it.
std::optional<base::http::Response> refuse_without_license(const Context& context, const Principal& who,
                                                           std::string_view extension = "salesforce");
// The same for every extension that a document's trigger and tasks belong to.
std::optional<base::http::Response> refuse_without_license(const Context& context, const Principal& who,
                                                           const engine::WorkflowDefinition& definition);

}  // namespace app::api
