#include "app/api/route_table.hpp"

#include "app/api/handlers.hpp"

namespace app::api {
namespace {

constexpr Needed nothing{};

constexpr Needed on_project(engine::Right right) { return {Needed::On::project, right}; }
constexpr Needed on_workflow(engine::Right right) { return {Needed::On::workflow, right}; }
constexpr Needed on_run(engine::Right right) { return {Needed::On::run, right}; }

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
      {"GET", "/openapi.json", open, nothing, show_description},

      {"GET", "/runs", signed_in, nothing, list_runs},
      {"GET", "/runs/{id}", signed_in, on_run(view), show_run},
      {"POST", "/runs/{id}/resume", signed_in, on_run(run), resume_run},

      {"GET", "/workflows", signed_in, nothing, list_workflows},
      {"PUT", "/workflows/{id}/bindings/{alias}", signed_in, on_workflow(edit), put_binding},

      {"PUT", "/license", brand_admin, nothing, put_license},
      {"POST", "/users", brand_admin, nothing, post_user},
      {"PUT", "/projects/{id}/owner", signed_in, on_project(owner), put_owner},

      {"GET", "/accounts", signed_in, nothing, list_accounts},
      {"POST", "/accounts", brand_admin, nothing, post_account},
      {"POST", "/accounts/{id}/shares", brand_admin, nothing, post_share},
      {"DELETE", "/accounts/{id}/shares", brand_admin, nothing, delete_share},
      {"POST", "/accounts/{id}/refresh", brand_admin, nothing, refresh_account},
      {"DELETE", "/accounts/{id}", brand_admin, nothing, delete_account},
  };
  return table;
}

}  // namespace app::api
