// Every verb of the program. Each of these adds one, or a group of them, and stands in a file of that name.
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
void add_plan(VerbGroup& program);
void add_run(VerbGroup& program);
void add_serve(VerbGroup& program);
void add_runs(VerbGroup& program);
void add_org(VerbGroup& program);
void add_org_snapshot(VerbGroup& org);
void add_org_drift(VerbGroup& org);
void add_org_package(VerbGroup& org);

void add_workflows(VerbGroup& program);
void add_accounts(VerbGroup& program);
void add_apps(VerbGroup& program);
void add_notices(VerbGroup& program);

void add_projects(VerbGroup& program);
void add_users(VerbGroup& program);
void add_groups(VerbGroup& program);
void add_tokens(VerbGroup& program);
void add_license(VerbGroup& program);

void add_brands(VerbGroup& program);
void add_keys(VerbGroup& program);
void add_audit(VerbGroup& program);

}  // namespace app::cli
