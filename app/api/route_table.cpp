#include "app/api/route_table.hpp"

#include "app/api/handlers.hpp"

namespace app::api {
namespace {

constexpr Needed nothing{};

constexpr Needed on_project(engine::Right right) { return {Needed::On::project, right}; }
constexpr Needed on_workflow(engine::Right right) { return {Needed::On::workflow, right}; }
constexpr Needed on_run(engine::Right right) { return {Needed::On::run, right}; }
constexpr Needed on_account(engine::Right right) { return {Needed::On::account, right}; }

}  // namespace

std::span<const Route> route_table() {
  using enum Access;
  using enum engine::Right;
  static const Route table[] = {
      // An address that nobody can guess is the key to a hook; a platform's events are signed besides.
      {"POST", "/hooks/{id}", hook, nothing, deliver},

      {"GET", "/livez", open, nothing, livez},
      {"GET", "/readyz", open, nothing, readyz},
      {"GET", "/metrics", open, nothing, metrics},
      {"GET", "/errors/{code}", open, nothing, show_error_page},
      {"GET", "/openapi.json", open, nothing, show_description},

      // The console's files hold nothing; what they show they ask for, with the reader's token.
      {"GET", "/", open, nothing, lead_to_console},
      {"GET", "/console", open, nothing, lead_to_console},
      {"GET", "/console/", open, nothing, show_console},
      {"GET", "/console/{file}", open, nothing, show_console},

      {"GET", "/runs", signed_in, nothing, list_runs},
      {"GET", "/runs/causes", signed_in, nothing, list_causes},
      {"GET", "/runs/{id}", signed_in, on_run(view), show_run},
      {"POST", "/runs/{id}/cancel", signed_in, on_run(run), cancel_run},
      {"POST", "/runs/{id}/replay", signed_in, on_run(run), replay_run},
      {"GET", "/runs/{id}/replay-plan", signed_in, on_run(run), show_replay_plan},
      {"GET", "/runs/{id}/response", signed_in, on_run(edit), show_run_response},
      {"POST", "/runs/{id}/resume", signed_in, on_run(run), resume_run},

      {"GET", "/workflows", signed_in, nothing, list_workflows},
      {"POST", "/workflows", signed_in, nothing, post_workflow},  // the project stands in the body
      {"GET", "/workflows/{id}", signed_in, on_workflow(view), show_workflow},
      {"PUT", "/workflows/{id}", signed_in, on_workflow(edit), put_workflow},
      {"PATCH", "/workflows/{id}", signed_in, on_workflow(edit), rename_workflow},
      {"DELETE", "/workflows/{id}", signed_in, on_workflow(owner), delete_workflow},
      {"GET", "/workflows/{id}/document", signed_in, on_workflow(view), show_document},
      {"GET", "/workflows/{id}/versions", signed_in, on_workflow(view), list_versions},
      {"GET", "/workflows/{id}/versions/{n}", signed_in, on_workflow(view), show_version},
      {"GET", "/workflows/{id}/diff", signed_in, on_workflow(view), diff_versions},
      {"POST", "/workflows/{id}/enable", signed_in, on_workflow(run), enable_workflow},
      {"POST", "/workflows/{id}/disable", signed_in, on_workflow(run), disable_workflow},
      {"POST", "/workflows/{id}/copy", signed_in, on_workflow(view), copy_workflow},
      {"POST", "/workflows/{id}/adopt", signed_in, on_workflow(view), adopt_workflow},  // the creator only
      {"GET", "/workflows/{id}/gate", signed_in, on_workflow(view), show_gate},
      {"PUT", "/workflows/{id}/bindings/{alias}", signed_in, on_workflow(edit), put_binding},
      {"DELETE", "/workflows/{id}/bindings/{alias}", signed_in, on_workflow(edit), delete_binding},
      {"GET", "/workflows/{id}/proposals", signed_in, on_workflow(view), list_proposals},
      {"POST", "/workflows/{id}/proposals/{n}/adopt", signed_in, on_workflow(view), adopt_proposal},
      {"POST", "/workflows/{id}/proposals/{n}/decline", signed_in, on_workflow(view), decline_proposal},

      {"GET", "/me", known, nothing, show_me},
      {"GET", "/license", signed_in, nothing, show_license},
      {"PUT", "/license", brand_admin, nothing, put_license},
      {"GET", "/users", signed_in, nothing, list_users},
      {"POST", "/users", brand_admin, nothing, post_user},
      {"GET", "/users/{id}", signed_in, nothing, show_user},
      {"PATCH", "/users/{id}", brand_admin, nothing, patch_user},
      {"DELETE", "/users/{id}", brand_admin, nothing, delete_user},
      {"GET", "/users/{id}/tokens", self_or_brand_admin, nothing, list_tokens},
      {"POST", "/users/{id}/tokens", self_or_brand_admin, nothing, post_token},
      {"DELETE", "/users/{id}/tokens/{token}", self_or_brand_admin, nothing, delete_token},

      {"GET", "/groups", signed_in, nothing, list_groups},
      {"POST", "/groups", brand_admin, nothing, post_group},
      {"GET", "/groups/{id}", signed_in, nothing, show_group},
      {"PATCH", "/groups/{id}", brand_admin, nothing, patch_group},
      {"DELETE", "/groups/{id}", brand_admin, nothing, delete_group},
      {"PUT", "/groups/{id}/members/{user}", brand_admin, nothing, put_member},
      {"DELETE", "/groups/{id}/members/{user}", brand_admin, nothing, delete_member},

      {"GET", "/projects", signed_in, nothing, list_projects},
      {"POST", "/projects", signed_in, nothing, post_project},
      {"GET", "/projects/{id}", signed_in, on_project(view), show_project},
      {"PATCH", "/projects/{id}", signed_in, on_project(edit), patch_project},
      {"DELETE", "/projects/{id}", signed_in, on_project(owner), delete_project},
      {"GET", "/projects/{id}/collaborators", signed_in, on_project(view), list_collaborators},
      {"PUT", "/projects/{id}/collaborators/{user}", signed_in, on_project(owner), put_collaborator},
      {"DELETE", "/projects/{id}/collaborators/{user}", signed_in, on_project(owner), delete_collaborator},
      {"PUT", "/projects/{id}/owner", signed_in, on_project(owner), put_owner},
      {"POST", "/projects/{id}/transfer", signed_in, on_project(owner), transfer_project},

      {"GET", "/notices", signed_in, nothing, list_notices},
      {"POST", "/notices/{id}/read", signed_in, nothing, read_notice},

      {"GET", "/brands", operator_only, nothing, list_brands},
      {"POST", "/brands", operator_only, nothing, post_brand},
      {"GET", "/brands/{id}", operator_only, nothing, show_brand},
      {"PUT", "/brands/{id}/license", operator_only, nothing, put_brand_license},

      {"GET", "/keys", operator_only, nothing, list_keys},
      {"POST", "/keys/rotate", operator_only, nothing, rotate_keys},

      {"GET", "/audit", brand_admin_or_operator, nothing, list_audit},
      {"GET", "/audit/head", brand_admin_or_operator, nothing, show_audit_head},
      {"GET", "/audit/verify", brand_admin_or_operator, nothing, verify_audit},

      {"GET", "/accounts", signed_in, nothing, list_accounts},
      {"POST", "/accounts", brand_admin, nothing, post_account},
      {"GET", "/accounts/{id}", signed_in, on_account(view), show_account},
      {"PATCH", "/accounts/{id}", signed_in, on_account(owner), rename_account},
      {"DELETE", "/accounts/{id}", signed_in, on_account(owner), delete_account},
      {"GET", "/accounts/{id}/dependants", signed_in, on_account(owner), show_account_dependants},
      {"POST", "/accounts/{id}/shares", signed_in, on_account(owner), post_share},
      {"DELETE", "/accounts/{id}/shares", signed_in, on_account(owner), delete_share},
      {"POST", "/accounts/{id}/refresh", signed_in, on_account(owner), refresh_account},
      {"POST", "/accounts/{id}/doctor", signed_in, on_account(view), examine_account},

      {"GET", "/apps", signed_in, nothing, list_apps},
      {"POST", "/apps", brand_admin, nothing, post_app},
      {"DELETE", "/apps/{id}", brand_admin, nothing, delete_app},
      {"GET", "/apps/{id}/setup", signed_in, nothing, show_app_setup},

      {"POST", "/logins", signed_in, nothing, post_login},
      {"GET", "/logins/{id}", signed_in, nothing, show_login},
      {"POST", "/logins/{id}/complete", signed_in, nothing, complete_login},
      // A browser has no token: a ticket, then its cookie and the state.
      {"GET", "/logins/{id}/start", open, nothing, start_login},
      {"GET", "/oauth/callback", open, nothing, login_callback},
  };
  return table;
}

}  // namespace app::api
