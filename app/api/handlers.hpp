// The handlers of the API, one file per resource; route_table.cpp says which address reaches which.
#pragma once

#include "app/api/context.hpp"

namespace app::api {

// routes.cpp
Answer show_description(Context&, Request&);
// console.cpp
Answer lead_to_console(Context&, Request&);
Answer show_console(Context&, Request&);
// hooks.cpp
Answer deliver(Context&, Request&);
// causes.cpp
Answer list_causes(Context&, const Principal&, Request&);

// runs.cpp
Answer list_runs(Context&, const Principal&, Request&);
Answer show_run(Context&, const Principal&, Request&);
Answer show_run_response(Context&, const Principal&, Request&);
Answer cancel_run(Context&, const Principal&, Request&);
Answer replay_run(Context&, const Principal&, Request&);
Answer show_replay_plan(Context&, const Principal&, Request&);
Answer resume_run(Context&, const Principal&, Request&);
// health.cpp
Answer show_error_page(Context&, Request&);
Answer livez(Context&, Request&);
Answer readyz(Context&, Request&);
Answer metrics(Context&, Request&);
// people.cpp
Answer show_me(Context&, const Principal&, Request&);
Answer show_license(Context&, const Principal&, Request&);
Answer put_license(Context&, const Principal&, Request&);
Answer list_users(Context&, const Principal&, Request&);
Answer show_user(Context&, const Principal&, Request&);
Answer post_user(Context&, const Principal&, Request&);
Answer patch_user(Context&, const Principal&, Request&);
Answer delete_user(Context&, const Principal&, Request&);
// tokens.cpp
Answer list_tokens(Context&, const Principal&, Request&);
Answer post_token(Context&, const Principal&, Request&);
Answer delete_token(Context&, const Principal&, Request&);
// groups.cpp
Answer list_groups(Context&, const Principal&, Request&);
Answer show_group(Context&, const Principal&, Request&);
Answer post_group(Context&, const Principal&, Request&);
Answer patch_group(Context&, const Principal&, Request&);
Answer delete_group(Context&, const Principal&, Request&);
Answer put_member(Context&, const Principal&, Request&);
Answer delete_member(Context&, const Principal&, Request&);
// projects.cpp
Answer list_projects(Context&, const Principal&, Request&);
Answer show_project(Context&, const Principal&, Request&);
Answer post_project(Context&, const Principal&, Request&);
Answer patch_project(Context&, const Principal&, Request&);
Answer delete_project(Context&, const Principal&, Request&);
Answer list_collaborators(Context&, const Principal&, Request&);
Answer put_collaborator(Context&, const Principal&, Request&);
Answer delete_collaborator(Context&, const Principal&, Request&);
Answer put_owner(Context&, const Principal&, Request&);
// brands.cpp
Answer list_brands(Context&, const Principal&, Request&);
Answer show_brand(Context&, const Principal&, Request&);
Answer post_brand(Context&, const Principal&, Request&);
Answer put_brand_license(Context&, const Principal&, Request&);
// keys.cpp
Answer list_keys(Context&, const Principal&, Request&);
Answer rotate_keys(Context&, const Principal&, Request&);
// audit.cpp
Answer list_audit(Context&, const Principal&, Request&);
Answer show_audit_head(Context&, const Principal&, Request&);
Answer verify_audit(Context&, const Principal&, Request&);
// accounts.cpp
Answer list_accounts(Context&, const Principal&, Request&);
Answer show_account(Context&, const Principal&, Request&);
Answer post_account(Context&, const Principal&, Request&);
Answer rename_account(Context&, const Principal&, Request&);
Answer show_account_dependants(Context&, const Principal&, Request&);
Answer post_share(Context&, const Principal&, Request&);
Answer delete_share(Context&, const Principal&, Request&);
Answer refresh_account(Context&, const Principal&, Request&);
Answer delete_account(Context&, const Principal&, Request&);
// doctor.cpp
Answer examine_account(Context&, const Principal&, Request&);
// apps.cpp
Answer list_apps(Context&, const Principal&, Request&);
Answer post_app(Context&, const Principal&, Request&);
Answer delete_app(Context&, const Principal&, Request&);
Answer show_app_setup(Context&, const Principal&, Request&);
// logins.cpp
Answer post_login(Context&, const Principal&, Request&);
Answer start_login(Context&, Request&);
Answer login_callback(Context&, Request&);
Answer complete_login(Context&, const Principal&, Request&);
Answer show_login(Context&, const Principal&, Request&);
// workflows.cpp
Answer list_workflows(Context&, const Principal&, Request&);
Answer post_workflow(Context&, const Principal&, Request&);
Answer show_workflow(Context&, const Principal&, Request&);
Answer rename_workflow(Context&, const Principal&, Request&);
Answer delete_workflow(Context&, const Principal&, Request&);
Answer enable_workflow(Context&, const Principal&, Request&);
Answer disable_workflow(Context&, const Principal&, Request&);
Answer copy_workflow(Context&, const Principal&, Request&);
Answer show_gate(Context&, const Principal&, Request&);
// workflow_bindings.cpp
Answer put_binding(Context&, const Principal&, Request&);
Answer delete_binding(Context&, const Principal&, Request&);
// workflow_versions.cpp
Answer put_workflow(Context&, const Principal&, Request&);
Answer show_document(Context&, const Principal&, Request&);
Answer list_versions(Context&, const Principal&, Request&);
Answer show_version(Context&, const Principal&, Request&);
Answer diff_versions(Context&, const Principal&, Request&);
Answer adopt_workflow(Context&, const Principal&, Request&);
// proposals.cpp
Answer list_proposals(Context&, const Principal&, Request&);
Answer adopt_proposal(Context&, const Principal&, Request&);
Answer decline_proposal(Context&, const Principal&, Request&);
// transfers.cpp
Answer transfer_project(Context&, const Principal&, Request&);
// notices.cpp
Answer list_notices(Context&, const Principal&, Request&);
Answer read_notice(Context&, const Principal&, Request&);

}  // namespace app::api
