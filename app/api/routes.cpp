#include "app/api/routes.hpp"

#include "app/api/handlers.hpp"

namespace app::api {
namespace {

using OpenHandler = Answer (*)(Context&, Request&);

base::http::Handler open_to_all(Context& context, OpenHandler handler) {
  return [&context, handler](Request& request) { return handler(context, request); };
}

}  // namespace

void add_routes(base::http::Router& router, Context& context) {
  // An address that nobody can guess is the key to a hook; a platform's events are signed besides.
  router.add("POST", "/hooks/{id}", open_to_all(context, deliver));

  router.add("GET", "/livez", open_to_all(context, livez));
  router.add("GET", "/readyz", open_to_all(context, readyz));
  router.add("GET", "/metrics", open_to_all(context, metrics));

  router.add("GET", "/runs", signed_in(context, list_runs));
  router.add("GET", "/runs/{id}", signed_in(context, show_run));
  router.add("POST", "/runs/{id}/resume", signed_in(context, resume_run));

  router.add("GET", "/workflows", signed_in(context, list_workflows));
  router.add("PUT", "/workflows/{id}/bindings/{alias}", signed_in(context, put_binding));

  router.add("PUT", "/license", admins_only(context, put_license));
  router.add("POST", "/users", admins_only(context, post_user));
  router.add("PUT", "/projects/{id}/owner", admins_only(context, put_owner));

  router.add("GET", "/accounts", signed_in(context, list_accounts));
  router.add("POST", "/accounts", admins_only(context, post_account));
  router.add("POST", "/accounts/{id}/shares", admins_only(context, post_share));
  router.add("DELETE", "/accounts/{id}/shares", admins_only(context, delete_share));
  router.add("POST", "/accounts/{id}/refresh", admins_only(context, refresh_account));
  router.add("DELETE", "/accounts/{id}", admins_only(context, delete_account));
}

}  // namespace app::api
