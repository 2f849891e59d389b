// Projects: whose they are, and with whom they are shared.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "base/id.hpp"

namespace app::api {
namespace {

void write_collaborators(base::JsonWriter& json, const engine::Project& project) {
  json.key("collaborators");
  json.begin_array();
  for (const engine::Collaborator& collaborator : project.collaborators) {
    json.begin_object();
    json.field("user", collaborator.user);
    json.field("right", engine::to_string(collaborator.right));
    json.end_object();
  }
  json.end_array();
}

void write_project(base::JsonWriter& json, const engine::Project& project, engine::Right right) {
  json.begin_object();
  json.field("id", project.id);
  json.field("name", project.name);
  json.field("owner", project.owner);
  json.field("right", engine::to_string(right));
  write_collaborators(json, project);
  json.end_object();
}

base::http::Response no_such_project() { return problem(404, "project_unknown", "there is no such project"); }

base::http::Response project_answer(const Context& context, const Principal& who, std::string_view id,
                                    int status = 200) {
  const std::optional<engine::Project> project = context.services.people.project(who.brand, id);
  if (!project) return no_such_project();
  base::JsonWriter json;
  write_project(json, *project, context.services.people.right_of(who.brand, id, who.user));
  return base::http::json_response(status, json.take());
}

}  // namespace

Answer list_projects(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"owner"});
  if (read.refusal) co_return *std::move(read.refusal);
  const auto right_in = [&](const engine::Project& project) {
    return context.services.people.right_of(who.brand, project.id, who.user);
  };
  std::vector<engine::Project> projects = context.services.people.projects(who.brand);
  const std::string_view owner = request.query_value("owner");
  std::erase_if(projects, [&](const engine::Project& project) {
    return right_in(project) == engine::Right::none || !passes(owner, project.owner);
  });
  const auto write = [&](base::JsonWriter& json, const engine::Project& project) {
    write_project(json, project, right_in(project));
  };
  co_return page_of("projects", projects, read.page, [](const engine::Project& project) { return project.id; }, write);
}

Answer show_project(Context& context, const Principal& who, Request& request) {
  co_return project_answer(context, who, request.param("id"));
}

// Whoever makes a project owns it.
Answer post_project(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  engine::Project project{base::random_id("prj_", context.services.random), text_of(*body, "name"), who.user};
  const std::string id = project.id;
  co_await context.services.people.add_project(who.user, who.brand, std::move(project));
  co_return project_answer(context, who, id, 201);
}

Answer patch_project(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  std::string name = text_of(*body, "name");
  co_await context.services.people.rename_project(who.user, who.brand, id, std::move(name));
  co_return project_answer(context, who, id);
}

Answer delete_project(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::vector<const engine::Workflow*> workflows = context.services.workflows.all(who.brand);
  const bool is_used =
      std::ranges::any_of(workflows, [&](const engine::Workflow* workflow) { return workflow->project == id; });
  if (is_used) co_return problem(409, "project_in_use", "the project has workflows; remove them first");
  co_await context.services.people.remove_project(who.user, who.brand, id);
  co_return base::http::Response{204, {}, ""};
}

Answer list_collaborators(Context& context, const Principal& who, Request& request) {
  const std::optional<engine::Project> project = context.services.people.project(who.brand, request.param("id"));
  if (!project) co_return no_such_project();
  base::JsonWriter json;
  json.begin_object();
  json.field("owner", project->owner);
  write_collaborators(json, *project);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

Answer put_collaborator(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::string user(request.param("user"));
  if (!context.services.people.user(who.brand, user)) co_return problem(404, "user_unknown", "there is no such user");
  if (context.services.people.project(who.brand, id)->owner == user)
    co_return problem(409, "user_owns_project", "the owner has every right; give the project to another first");
  const std::optional<nlohmann::json> body = object_of(request);
  engine::Collaborator collaborator{user, *engine::read_right(text_of(*body, "right"))};
  const bool is_set =
      co_await context.services.people.set_collaborator(who.user, who.brand, id, std::move(collaborator));
  co_return is_set ? project_answer(context, who, id) : no_such_project();
}

Answer delete_collaborator(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::string user(request.param("user"));
  const bool was_one = co_await context.services.people.remove_collaborator(who.user, who.brand, id, user);
  if (!was_one) co_return problem(404, "user_unknown", "the project is not shared with that user");
  co_return project_answer(context, who, id);
}

Answer put_owner(Context& context, const Principal& who, Request& request) {
  const std::string project(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string user = text_of(*body, "user");
  if (!context.services.people.user(who.brand, user))
    co_return problem(422, "user_unknown", "'user' must be the id of a user of this brand");
  engine::ProjectTransfer::Done done = co_await context.services.transfer.apply(
      who.user, who.brand, *context.services.people.project(who.brand, project), user, /*keep_creator=*/false);
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(done.keys_lifted));
  base::JsonWriter json;
  json.begin_object();
  json.field("project", project);
  json.field("owner", user);
  json.field("released", lifted);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
