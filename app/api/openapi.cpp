#include "app/api/openapi.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/json_document.hpp"

namespace app::api {
namespace {

using ApiTree = nlohmann::json;

constexpr std::array methods{"get", "post", "put", "patch", "delete"};
// What the server says by itself, whatever the operation.
constexpr std::array server_statuses{400, 408, 413, 431, 500, 503};

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string in_upper_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

// A schema of the description refers to the others by their place in it.
void refer_to_definitions(ApiTree& schema) {
  constexpr std::string_view here = "#/components/schemas/";
  if (schema.is_object() && schema.contains("$ref")) {
    const std::string target = schema["$ref"].get<std::string>();
    if (target.starts_with(here)) schema["$ref"] = "#/definitions/" + target.substr(here.size());
  }
  if (!schema.is_structured()) return;
  for (ApiTree& inner : schema) refer_to_definitions(inner);
}

const ApiTree* member(const ApiTree& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

struct ApiDescription::Impl {
  ApiTree document;
  ApiTree definitions;
  std::map<const ApiTree*, base::JsonSchema> compiled;

  const ApiTree* operation(const Operation& wanted) const {
    const ApiTree* path = member(document.at("paths"), wanted.pattern);
    return path ? member(*path, in_lower_case(wanted.method)) : nullptr;
  }

  const base::JsonSchema& schema(const ApiTree& place) {
    auto found = compiled.find(&place);
    if (found != compiled.end()) return found->second;
    ApiTree whole = place;
    refer_to_definitions(whole);
    whole["definitions"] = definitions;
    return compiled.emplace(&place, base::JsonSchema(whole.dump())).first->second;
  }

  const ApiTree* json_body(const Operation& wanted) const {
    const ApiTree* found = operation(wanted);
    const ApiTree* body = found ? member(*found, "requestBody") : nullptr;
    const ApiTree* content = body ? member(*body, "content") : nullptr;
    return content ? member(*content, "application/json") : nullptr;
  }

  // A response may stand among the components.
  const ApiTree& resolved(const ApiTree& response) const {
    const ApiTree* reference = member(response, "$ref");
    if (!reference) return response;
    return document.at(ApiTree::json_pointer(reference->get<std::string>().substr(1)));
  }
};

ApiDescription::ApiDescription(std::string_view text) : impl_(std::make_unique<Impl>()) {
  impl_->document = ApiTree::parse(text, nullptr, false);
  const ApiTree& document = impl_->document;
  if (!member(document, "paths") || !member(document, "components"))
    throw std::invalid_argument("this is no description of an API");
  impl_->definitions = document.at("components").value("schemas", ApiTree::object());
  refer_to_definitions(impl_->definitions);
}

ApiDescription::ApiDescription(ApiDescription&&) noexcept = default;
ApiDescription& ApiDescription::operator=(ApiDescription&&) noexcept = default;
ApiDescription::~ApiDescription() = default;

std::vector<ApiDescription::Operation> ApiDescription::operations() const {
  std::vector<Operation> all;
  for (const auto& [pattern, path] : impl_->document.at("paths").items()) {
    for (const char* method : methods) {
      if (path.contains(method)) all.push_back({in_upper_case(method), pattern});
    }
  }
  return all;
}

base::Findings ApiDescription::check_body(const Operation& operation, std::string_view body) const {
  const ApiTree* media = impl_->json_body(operation);
  if (!media) return {};
  const bool is_required = impl_->operation(operation)->at("requestBody").value("required", false);
  if (body.empty() && !is_required) return {};
  // What is missing is told by the same schema.
  const base::JsonDocument document = base::JsonDocument::read(body.empty() ? "{}" : body, "");
  base::Findings findings = document.findings();
  if (!document.readable() || base::has_errors(findings)) return findings;
  findings = impl_->schema(media->at("schema")).check(document.root());
  if (!body.empty()) document.locate(findings);
  return findings;
}

std::string ApiDescription::example_body(const Operation& operation) const {
  const ApiTree* media = impl_->json_body(operation);
  const ApiTree* example = media ? member(*media, "example") : nullptr;
  return example ? example->dump() : "";
}

std::optional<ApiDescription::Answer> ApiDescription::answer(const Operation& operation, int status) const {
  const ApiTree* found = impl_->operation(operation);
  if (!found) return std::nullopt;
  const ApiTree& responses = found->at("responses");
  const ApiTree* response = member(responses, std::to_string(status));
  if (!response && std::ranges::find(server_statuses, status) != server_statuses.end())
    response = member(responses, "default");
  if (!response) return std::nullopt;
  const ApiTree& described = impl_->resolved(*response);
  const ApiTree* content = member(described, "content");
  if (!content || content->empty()) return Answer{};
  const auto media = content->begin();
  const bool is_json = media.key().ends_with("json");
  return Answer{media.key(), is_json ? &impl_->schema(media.value().at("schema")) : nullptr};
}

}  // namespace app::api
