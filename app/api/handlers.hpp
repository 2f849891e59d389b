// The handlers of the API, one file per resource; route_table.cpp says which address reaches which.
#pragma once

#include "app/api/context.hpp"

namespace app::api {

// routes.cpp
Answer show_description(Context&, Request&);
// hooks.cpp
Answer deliver(Context&, Request&);
// runs.cpp
Answer list_runs(Context&, const Principal&, Request&);
Answer show_run(Context&, const Principal&, Request&);
Answer resume_run(Context&, const Principal&, Request&);
// health.cpp
Answer livez(Context&, Request&);
Answer readyz(Context&, Request&);
Answer metrics(Context&, Request&);
// people.cpp
Answer put_license(Context&, const Principal&, Request&);
Answer post_user(Context&, const Principal&, Request&);
Answer put_owner(Context&, const Principal&, Request&);
// accounts.cpp
Answer list_accounts(Context&, const Principal&, Request&);
Answer post_account(Context&, const Principal&, Request&);
Answer post_share(Context&, const Principal&, Request&);
Answer delete_share(Context&, const Principal&, Request&);
Answer refresh_account(Context&, const Principal&, Request&);
Answer delete_account(Context&, const Principal&, Request&);
// workflows.cpp
Answer list_workflows(Context&, const Principal&, Request&);
Answer put_binding(Context&, const Principal&, Request&);

}  // namespace app::api
