// Answers about versions: a version as JSON, and what a push or an adoption has come to.
#pragma once

#include <string_view>
#include <vector>

#include "app/api/context.hpp"
#include "base/findings.hpp"
#include "base/json_writer.hpp"
#include "engine/authoring.hpp"

namespace app::api {

// {number, kind, live, author, message, created_at, fingerprint, base?, decision?, decided_by?, decided_at?}
void write_version(base::JsonWriter& json, const engine::Workflow& workflow, const engine::VersionRecord& version);
// {"<plural>": [version…]}
base::http::Response versions_answer(std::string_view plural, const engine::Workflow& workflow,
                                     const std::vector<engine::VersionRecord>& versions);

base::http::Response version_moved_answer(int live);
base::http::Response creator_only_answer();
// 200 {workflow, version, invalidated, released, findings}, or the 409 that says why nothing was changed. Lifts what it
// lifts. `warnings`: what is to be known of the version although it is live.
base::awaitable<base::http::Response> pushed_answer(Context& context, const Principal& who,
                                                    const engine::Workflow& workflow, engine::Pushed pushed,
                                                    base::Findings warnings);

}  // namespace app::api
