// Profiles and permission sets: what each grants, who has which, and what that comes to.
#include "local_org/permissions.hpp"

#include <catch2/catch.hpp>

#include "tests/local_org/administered_org.hpp"
#include "tests/support/temporary_directory.hpp"

using local_org::Access;
using local_org::FieldRights;
using local_org::ObjectRights;
using nlohmann::json;
using test::Administered;

namespace {

const ObjectRights no_object_rights{};
const ObjectRights only_reads{.read = true};

}  // namespace

TEST_CASE("an org starts with one profile, which grants everything, and its users have it") {
  Administered org;
  const json profiles = org.get("profiles");
  REQUIRE(profiles.size() == 1);
  CHECK(profiles[0]["name"] == "System Administrator");
  // Prefixes of profiles and permission sets; the suffix says which letters are capitals.
  CHECK(profiles[0]["id"] == "00eLo0000000001IAA");
  CHECK(profiles[0]["permission_set_id"] == "0PSLo0000000001OAA");
  CHECK(org.row("User", org.site.sessions().credentials().user_id)["ProfileId"] == profiles[0]["id"]);
  CHECK(org.get("permission_sets").empty());
  CHECK(org.first_user().has("PermissionsApiEnabled"));
  CHECK(org.first_user().to(org.object("Account")) == local_org::all_object_rights);
  CHECK(org.field(org.first_user(), "Account", "Industry") == local_org::all_field_rights);
}

TEST_CASE("a new profile grants nothing but what it names, and one may start like another") {
  Administered org;
  org.put("profiles", {{"name", "Survey"}, {"objects", {{"Contact", {{"read", true}}}}}});
  const Access& maria = org.give({{"username", "maria@example.com"}, {"profile", "Survey"}});
  CHECK(maria.to(org.object("Contact")) == only_reads);
  CHECK(maria.to(org.object("Account")) == no_object_rights);
  CHECK_FALSE(maria.has("PermissionsApiEnabled"));
  org.put("profiles", {{"name", "Like admins"}, {"like", "System Administrator"}});
  CHECK(org.give({{"username", "li@example.com"}, {"profile", "Like admins"}}).has("PermissionsApiEnabled"));
}

TEST_CASE("a right brings along what it needs, and takes along what needs it") {
  Administered org;
  const auto granted = [&](const json& rights) {
    return org.put("profiles", {{"name", "Survey"}, {"objects", {{"Contact", rights}}}})["objects"]["Contact"];
  };
  CHECK(granted({{"delete", true}}) == json{{"read", true},
                                            {"create", false},
                                            {"edit", true},
                                            {"delete", true},
                                            {"view_all", false},
                                            {"modify_all", false}});
  CHECK(granted({{"modify_all", true}})["view_all"] == true);
  CHECK(granted({{"edit", false}}) == json{{"read", true},
                                           {"create", false},
                                           {"edit", false},
                                           {"delete", false},
                                           {"view_all", true},
                                           {"modify_all", false}});
  CHECK(granted({{"read", false}})["view_all"] == false);
  CHECK(org.refusal("profiles", {{"name", "Survey"}, {"objects", {{"Contact", {{"edit", true}, {"read", false}}}}}}) ==
        "/objects/Contact: 'edit' needs 'read'");
}

TEST_CASE("the entry that says most about a name counts") {
  Administered org;
  org.put("profiles", {{"name", "System Administrator"},
                       {"system", {{"PermissionsModifyAllData", false}, {"PermissionsViewAllData", false}}},
                       {"objects", {{"Account", {{"edit", false}}}}},
                       {"fields", {{"Contact.*", {{"edit", false}}}, {"Contact.Email", {{"edit", true}}}}}});
  const Access& user = org.first_user();
  CHECK(user.to(org.object("Account")) == ObjectRights{.read = true, .create = true, .view_all = true});
  CHECK(user.to(org.object("Case")) == local_org::all_object_rights);
  CHECK(org.field(user, "Contact", "Email") == FieldRights{true, true});
  CHECK(org.field(user, "Contact", "Phone") == FieldRights{true, false});
  CHECK(org.field(user, "Account", "Phone") == FieldRights{true, true});
  org.put("profiles", {{"name", "System Administrator"}, {"objects", {{"Account", nullptr}}}});
  CHECK(org.first_user().to(org.object("Account")) == local_org::all_object_rights);
}

TEST_CASE("a user may do what its profile and its permission sets grant together") {
  Administered org;
  org.put("profiles", {{"name", "Survey"},
                       {"system", {{"PermissionsApiEnabled", true}}},
                       {"objects", {{"Contact", {{"read", true}}}}}});
  org.put("permission_sets", {{"name", "Writes_Contacts"},
                              {"label", "Writes contacts"},
                              {"objects", {{"Contact", {{"create", true}}}}},
                              {"fields", {{"Contact.Email", {{"edit", true}}}}}});
  const json maria{{"username", "maria@example.com"}, {"profile", "Survey"}, {"permission_sets", {"Writes_Contacts"}}};
  const Access& both = org.give(maria);
  CHECK(both.has("PermissionsApiEnabled"));
  CHECK(both.to(org.object("Contact")) == ObjectRights{.read = true, .create = true});
  CHECK(org.field(both, "Contact", "Email") == FieldRights{true, true});
  CHECK(org.field(both, "Contact", "Phone") == FieldRights{});
  const Access& profile_only = org.give({{"username", "maria@example.com"}, {"permission_sets", json::array()}});
  CHECK(profile_only.to(org.object("Contact")) == only_reads);
}

TEST_CASE("system permissions over all data grant every object, but no field") {
  Administered org;
  org.put("profiles", {{"name", "Survey"}, {"system", {{"PermissionsViewAllData", true}}}});
  const json maria{{"username", "maria@example.com"}, {"profile", "Survey"}};
  CHECK(org.give(maria).to(org.object("Contact")) == ObjectRights{.read = true, .view_all = true});
  org.put("profiles", {{"name", "Survey"}, {"system", {{"PermissionsModifyAllData", true}}}});
  const Access& all = org.give(maria);
  CHECK(all.to(org.object("Contact")) == local_org::all_object_rights);
  CHECK(org.field(all, "Contact", "Email") == FieldRights{});
}

TEST_CASE("required and system fields are open to all, and an address is governed as one") {
  Administered org;
  org.put("profiles", {{"name", "Survey"},
                       {"objects", {{"Contact", {{"read", true}}}}},
                       {"fields", {{"Contact.MailingAddress", {{"read", true}}}}}});
  const Access& maria = org.give({{"username", "maria@example.com"}, {"profile", "Survey"}});
  CHECK(org.field(maria, "Contact", "LastName") == FieldRights{true, true});
  CHECK(org.field(maria, "Contact", "Id").read);
  CHECK(org.field(maria, "Contact", "MailingCity") == FieldRights{true, false});
  CHECK(org.field(maria, "Contact", "OtherCity") == FieldRights{});
}

TEST_CASE("a profile changed in the user's own record counts at once") {
  Administered org;
  const json profile = org.put("profiles", {{"name", "Survey"}});
  CHECK(org.first_user().has("PermissionsViewSetup"));
  const std::string user_id = org.site.sessions().credentials().user_id;
  CHECK(org.call("PATCH", "/sobjects/User/" + user_id, json{{"ProfileId", profile["id"]}}.dump()).status == 204);
  CHECK_FALSE(org.first_user().has("PermissionsViewSetup"));
}

TEST_CASE("login ranges are a profile's, and without any a user may come from anywhere") {
  Administered org;
  CHECK(org.first_user().may_come_from("203.0.113.9"));
  org.put("profiles", {{"name", "System Administrator"},
                       {"login_ip_ranges", {{{"startAddress", "198.51.100.0"}, {"endAddress", "198.51.100.127"}}}}});
  CHECK(org.first_user().may_come_from("198.51.100.127"));
  CHECK_FALSE(org.first_user().may_come_from("198.51.100.128"));
  CHECK_FALSE(org.first_user().may_come_from(""));
}

TEST_CASE("every fault of a profile is told with its place, and nothing is changed") {
  Administered org;
  const json before = org.get("profiles");
  const std::string told = org.refusal(
      "profiles", {{"name", "System Administrator"},
                   {"rights", true},
                   {"system", {{"PermissionsApiEnable", false}}},
                   {"objects", {{"Acount", {{"read", false}}}, {"Case", {{"write", true}}}}},
                   {"fields", {{"Contact.Emial", {{"read", false}}}, {"Email", {{"read", false}}}}},
                   {"login_ip_ranges", {{{"startAddress", "198.51.100.9"}, {"endAddress", "198.51.100.1"}}}}});
  CHECK(told.find("/rights: there is no such member") != std::string::npos);
  CHECK(told.find("there is no system permission 'PermissionsApiEnable'; meant 'PermissionsApiEnabled'?") !=
        std::string::npos);
  CHECK(told.find("/objects/Acount: there is no object 'Acount'; meant 'Account'?") != std::string::npos);
  CHECK(told.find("/objects/Case: there is no right 'write'") != std::string::npos);
  CHECK(told.find("/fields/Contact.Emial: there is no field of Contact 'Emial'; meant 'Email'?") != std::string::npos);
  CHECK(told.find("/fields/Email: a field is named with its object") != std::string::npos);
  CHECK(told.find("/login_ip_ranges/0: a range has") != std::string::npos);
  CHECK(org.get("profiles") == before);
}

TEST_CASE("profiles, permission sets and who has them survive a restart") {
  const test::TemporaryDirectory directory;
  const local_org::SiteOptions options{.path = directory.file("org.db")};
  {
    Administered org(options);
    org.put("profiles", {{"name", "Survey"}, {"objects", {{"Contact", {{"read", true}}}}}});
    org.put("permission_sets", {{"name", "Deletes"}, {"objects", {{"Contact", {{"delete", true}}}}}});
    org.give({{"username", "maria@example.com"}, {"profile", "Survey"}, {"permission_sets", {"Deletes"}}});
  }
  Administered org(options);
  CHECK(org.get("profiles").size() == 2);
  const Access& maria = org.access(*org.site.users().find("maria@example.com"));
  CHECK(maria.to(org.object("Contact")) == ObjectRights{.read = true, .edit = true, .remove = true});
}

TEST_CASE("a profile's own set and the sets assigned beside it are told together") {
  Administered org;
  const json set = org.put("permission_sets", {{"name", "Deletes"}});
  org.give({{"username", "maria@example.com"}, {"permission_sets", {"Deletes"}}});
  const std::string maria = *org.site.users().find("maria@example.com");
  std::vector<std::string> hers;
  for (const local_org::Assignment& assignment : org.site.permissions().assignments()) {
    if (assignment.user_id == maria) hers.push_back(assignment.permission_set_id);
  }
  CHECK(hers == std::vector<std::string>{org.get("profiles")[0]["permission_set_id"], set["id"]});
}
