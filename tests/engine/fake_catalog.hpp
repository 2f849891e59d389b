// A catalog of two task types and one trigger type that do nothing, for checks of documents.
#pragma once

#include "engine/catalog.hpp"

namespace engine_test {

// `note` (repeatable, no account) and `post` (author_decides, needs an account of the extension `salesforce`), each
// with the settings {"text": piped text, required; "more": anything}; the trigger `survey_response` knows the pipes q,
// e, m and rm.
engine::Catalog fake_catalog();

}  // namespace engine_test
