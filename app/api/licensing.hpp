// The licence of a brand, as its admin and the operator set it.
#pragma once

#include "app/api/context.hpp"

namespace app::api {

base::http::Response license_answer(const engine::Brand& brand, std::optional<std::int64_t> released = {});

// {"extensions": ["salesforce"]}: runs that an extension was missing to go on.
Answer set_license(Context& context, const Principal& who, engine::BrandId brand, Request& request);

}  // namespace app::api
