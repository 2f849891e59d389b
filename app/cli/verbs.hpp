// Every verb of the program. Each of these adds one, or a group of them, and stands in the file of that name.
#pragma once

#include "app/cli/verb.hpp"

namespace app::cli {

void add_new(VerbGroup& program);
void add_validate(VerbGroup& program);
void add_test(VerbGroup& program);
void add_graph(VerbGroup& program);
void add_survey(VerbGroup& program);
void add_schema(VerbGroup& program);
void add_explain(VerbGroup& program);

void add_demo(VerbGroup& program);
void add_run(VerbGroup& program);
void add_serve(VerbGroup& program);
void add_runs(VerbGroup& program);
void add_org(VerbGroup& program);

}  // namespace app::cli
