// `sluice brands` and `sluice license`: who shares one installation, and what each may use.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct BrandArguments : OperatorVerb {
  std::string name{};
};

std::string joined_extensions(const Tree& brand) {
  const std::vector<std::string> extensions = texts_of(member(brand, "extensions"));
  return extensions.empty() ? "none" : fmt::format("{}", fmt::join(extensions, ", "));
}

int add_brand(ServerClient& server, const BrandArguments& arguments) {
  const base::JsonText document = server.post("/brands", {{"name", arguments.name}});
  const Tree brand = tree_of(document);
  const std::string token = text_in(member(brand, "admin"), "token");
  return tell(
      arguments, document,
      fmt::format("Added {}.{}\n", arguments.name,
                  token.empty() ? "" : " Its admin's token is shown this once; the server keeps only its hash.") +
          draw_facts({{"id", text_in(brand, "id")}, {"license", joined_extensions(brand)}, {"token", token}}));
}

int list_brands(ServerClient& server, const BrandArguments& arguments) {
  const base::JsonText document = server.all("/brands", "brands");
  const Tree list = tree_of(document);
  Table table({"NAME", "LICENSE", whole("ID")});
  for (const Tree& brand : member(list, "brands"))
    table.row({text_in(brand, "name"), joined_extensions(brand), text_in(brand, "id")});
  return tell(arguments, document,
              table.empty() ? "No brands. Add one: sluice brands add NAME" : table.draw(this_terminal()));
}

struct LicenseArguments : ServerVerb {
  std::vector<std::string> extensions{};
  bool is_none = false;
};

std::string license_sentence(const Tree& license) {
  const std::string released = text_in(license, "released");
  return fmt::format("The licence holds: {}{}\n", joined_extensions(license),
                     released.empty() || released == "0" ? "" : fmt::format(" · {} held runs go on", released));
}

int show_license(ServerClient& server, const LicenseArguments& arguments) {
  const base::JsonText document = server.get("/license");
  return tell(arguments, document, license_sentence(tree_of(document)));
}

void check_extensions(const std::vector<std::string>& extensions, bool is_none) {
  if (extensions.empty() == is_none) return;
  throw Refusal(Exit::usage, "usage", is_none ? "name extensions or give --none, not both" : "name an extension",
                "sluice license set salesforce, or sluice license set --none");
}

int set_license(ServerClient& server, const LicenseArguments& arguments) {
  check_extensions(arguments.extensions, arguments.is_none);
  const base::JsonText document = server.put("/license", {{"extensions", arguments.extensions}});
  return tell(arguments, document, license_sentence(tree_of(document)));
}

struct BrandLicenseArguments : OperatorVerb {
  std::string brand{};
  std::vector<std::string> extensions{};
  bool is_none = false;
};

int set_brand_license(ServerClient& server, const BrandLicenseArguments& arguments) {
  check_extensions(arguments.extensions, arguments.is_none);
  const base::JsonText document =
      server.put(path_of({"brands", id_of(server, resource::brands, arguments.brand), "license"}),
                 {{"extensions", arguments.extensions}});
  return tell(arguments, document, arguments.brand + ": " + license_sentence(tree_of(document)));
}

}  // namespace

void add_brands(VerbGroup& program) {
  VerbGroup group = program.group("brands", "the brands of an installation (its operator)");

  auto add = server_verb(group, "add", "a new brand, and a first admin of it", add_brand);
  add.argument("NAME", add->name, "what it is called");

  server_verb(group, "list", "all brands and their licences", list_brands);

  auto license = server_verb(group, "license", "what a brand may use", set_brand_license);
  license.argument("BRAND", license->brand, "name or id");
  license.optional_arguments("EXTENSION", license->extensions, "e.g. salesforce");
  license.flag("--none", license->is_none, "no extension at all");
}

void add_license(VerbGroup& program) {
  VerbGroup group = program.group("license", "what your brand may use");

  server_verb(group, "show", "the extensions it holds", show_license);

  auto set = server_verb(group, "set", "the extensions from now on (brand admins)", set_license);
  set.optional_arguments("EXTENSION", set->extensions, "e.g. salesforce");
  set.flag("--none", set->is_none, "no extension at all: Salesforce tasks are held");
}

}  // namespace app::cli
