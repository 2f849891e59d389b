// What an edit invalidates, and which keys a change lifts: tables.
#include "engine/edit.hpp"

#include <catch2/catch.hpp>

#include "engine/document_diff.hpp"
#include "engine/hold_keys.hpp"

namespace {

engine::BoundAlias bound(const std::string& alias, engine::AccountFacts account, bool awaits = false) {
  engine::Binding binding{.workflow = 1, .alias = alias, .account = account.id, .org_id = "00D_1", .awaits = awaits};
  if (awaits) binding.awaits_editor = "usr_before", binding.awaits_version = 2;
  return {binding, std::move(account)};
}

engine::AccountFacts personal_of(const std::string& holder) {
  return {.id = "acc_p", .name = "Ada's", .environment = "sandbox", .owner = holder};
}

engine::AccountFacts shared_with(std::vector<std::string> with) {
  return {.id = "acc_s",
          .name = "Shared",
          .environment = "production",
          .owner = "usr_admin",
          .shared_kind = true,
          .shared_with = std::move(with)};
}

engine::Edit an_edit_by(const std::string& editor, std::vector<engine::BoundAlias> bindings) {
  return {.editor = editor,
          .editor_groups = {"grp_editors"},
          .creator = "usr_creator",
          .uses_accounts = true,
          .bindings = std::move(bindings)};
}

std::string aliases_invalidated_by(const engine::Edit& edit) {
  std::string aliases;
  for (const engine::Invalidated& one : engine::invalidated_by(edit)) aliases += one.binding.alias + " ";
  return aliases;
}

}  // namespace

TEST_CASE("which bindings an edit invalidates") {
  struct Case {
    const char* what;
    const char* editor;
    engine::AccountFacts account;
    bool invalidates;
  };
  const Case cases[] = {
      {"the creator's edit invalidates nothing", "usr_creator", personal_of("usr_owner"), false},
      {"another's: a personal account", "usr_editor", personal_of("usr_owner"), true},
      {"even the editor's own", "usr_editor", personal_of("usr_editor"), true},
      {"a shared account that the editor may use: no", "usr_editor", shared_with({"usr_editor"}), false},
      {"… through a group", "usr_editor", shared_with({"grp_editors"}), false},
      {"… as one of the brand", "usr_editor", shared_with({"brand"}), false},
      {"a shared account that the editor may not use", "usr_editor", shared_with({"usr_owner", "grp_others"}), true},
      {"… though its admin is the editor", "usr_admin", shared_with({"usr_owner"}), true},
  };
  for (const Case& example : cases) {
    INFO(example.what);
    const engine::Edit edit = an_edit_by(example.editor, {bound("crm", example.account)});
    CHECK(engine::invalidated_by(edit).size() == (example.invalidates ? 1u : 0u));
  }
}

TEST_CASE("a version that needs no account, and an account that is gone, invalidate nothing") {
  engine::Edit edit = an_edit_by("usr_editor", {bound("crm", personal_of("usr_owner"))});
  edit.uses_accounts = false;
  CHECK(engine::invalidated_by(edit).empty());

  edit.uses_accounts = true;
  edit.bindings[0].account.reset();
  CHECK(engine::invalidated_by(edit).empty());
}

TEST_CASE("exactly the invalidated bindings change, and name the editor and the version") {
  const engine::Edit edit =
      an_edit_by("usr_editor", {bound("own", personal_of("usr_owner")), bound("free", shared_with({"brand"})),
                                bound("closed", shared_with({"usr_owner"}))});
  CHECK(aliases_invalidated_by(edit) == "own closed ");

  const std::vector<engine::Binding> changed = engine::changed_bindings(edit, 5);

  REQUIRE(changed.size() == 2);
  for (const engine::Binding& binding : changed) {
    CHECK(binding.awaits);
    CHECK(binding.awaits_editor == "usr_editor");
    CHECK(binding.awaits_version == 5);
    CHECK(binding.org_id == "00D_1");
  }
}

TEST_CASE("what awaits is sound again after the creator's edit, and stays as it is after one that does not touch it") {
  const engine::BoundAlias awaiting = bound("crm", shared_with({"usr_editor"}), true);

  const std::vector<engine::Binding> by_creator = engine::changed_bindings(an_edit_by("usr_creator", {awaiting}), 6);
  REQUIRE(by_creator.size() == 1);
  CHECK_FALSE(by_creator[0].awaits);
  CHECK(by_creator[0].awaits_editor.empty());

  CHECK(engine::changed_bindings(an_edit_by("usr_editor", {awaiting}), 6).empty());
}

TEST_CASE("why an edit invalidates names a shared account and no personal one") {
  const engine::Edit edit =
      an_edit_by("usr_editor", {bound("own", personal_of("usr_owner")), bound("closed", shared_with({"usr_owner"}))});
  const std::vector<engine::Invalidated> all = engine::invalidated_by(edit);
  CHECK(all[0].why.find("Ada's") == std::string::npos);
  CHECK_THAT(all[1].why, Catch::Contains("'Shared'"));
}

TEST_CASE("each change lifts its keys, and a change of groups those of the projects whose owner it reaches") {
  const std::vector<engine::Project> projects{{"prj_1", "one", "usr_a"}, {"prj_2", "two", "usr_b"}};
  const auto keys = [&](const engine::Changed& change) { return engine::keys_lifted_by(change, projects); };
  using Keys = std::vector<std::string>;
  CHECK(keys(engine::LicenceChanged{{"salesforce"}}) == Keys{"license:salesforce"});
  CHECK(keys(engine::OwnershipChanged{"prj_1"}) == Keys{"project:prj_1"});
  CHECK(keys(engine::AccountChanged{"acc_1"}) == Keys{"account:acc_1"});
  CHECK(keys(engine::BindingChanged{"wfl_1", "crm"}) == Keys{"binding:wfl_1:crm"});
  CHECK(keys(engine::MembershipChanged{"usr_b"}) == Keys{"project:prj_2"});
  CHECK(keys(engine::MembershipChanged{"usr_c"}).empty());
}

namespace {

std::string told_changes(const std::string& from, const std::string& to, std::vector<std::string> order_before = {},
                         std::vector<std::string> order_after = {}) {
  const auto definition = [](const std::string& document, const std::vector<std::string>& order) {
    engine::WorkflowDefinition made;
    made.document = {document};
    for (const std::string& id : order) made.tasks.push_back({.id = id, .type = "fake"});
    return made;
  };
  std::string told;
  for (const engine::DocumentChange& change :
       engine::document_diff(definition(from, order_before), definition(to, order_after)))
    told += change.op + " " + change.path + " " + change.from.text + ">" + change.to.text + "\n";
  return told;
}

}  // namespace

TEST_CASE("a difference names what was added, removed and replaced, by pointer") {
  CHECK(told_changes(R"({"a":1})", R"({"a":1})").empty());
  CHECK(told_changes(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":3,"d/e":2}})") ==
        "replace /a/b 1>3\nremove /a/c 2>\nadd /a/d~1e >2\n");
  CHECK(told_changes(R"([1,2,3])", R"([1,5])") == "replace /1 2>5\nremove /2 3>\n");
  CHECK(told_changes(R"([1])", R"([1,{"x":null}])") == R"(add /1 >{"x":null})"
                                                       "\n");
  CHECK(told_changes(R"({"a":[1]})", R"({"a":{"b":1}})") == R"(replace /a [1]>{"b":1})"
                                                            "\n");
}

TEST_CASE("the order of tasks is a difference, since it is their place in every run") {
  CHECK(told_changes("{}", "{}", {"a", "b"}, {"b", "a"}) == R"(reorder /tasks ["a","b"]>["b","a"])"
                                                            "\n");
  CHECK(told_changes("{}", "{}", {"a", "b"}, {"a", "b"}).empty());
}
