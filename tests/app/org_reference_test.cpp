// References of mapping tests to records that were there before.
#include <catch2/catch.hpp>

#include "app/org_reference.hpp"

namespace {

const app::SeededRecords seeded_contact{{{"crm", "Contact", 0}, {R"({"Id":"003A","Score":7,"Email":"a@b.c"})"}}};

}  // namespace

TEST_CASE("references are found wherever strings stand") {
  const auto found =
      app::references_in({R"({"a":"${org://crm/Contact/0/Id}","b":[{"c":"x ${org://erp/Lead/12/Name} y"}]})"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].alias == "crm");
  CHECK(found[0].member == "Id");
  CHECK(found[1].object == "Lead");
  CHECK(found[1].index == 12);
}

TEST_CASE("what looks like a reference and is none has no member") {
  for (const char* text :
       {"${org://crm/Contact/Id}", "${org://crm/Contact/first/Id}", "${org://crm/Contact/0/}", "${org://}"}) {
    INFO(text);
    const auto found = app::references_in({"\"" + std::string(text) + "\""});
    REQUIRE(found.size() == 1);
    CHECK(found[0].member.empty());
    CHECK(found[0].text == text);
  }
}

TEST_CASE("a string that is nothing but a reference becomes the value, inside a text its text") {
  CHECK(app::with_references({R"({"a":"${org://crm/Contact/0/Score}"})"}, seeded_contact).text == R"({"a":7})");
  CHECK(
      app::with_references({R"(["id ${org://crm/Contact/0/Id}, mail ${org://crm/Contact/0/Email}."])"}, seeded_contact)
          .text == R"(["id 003A, mail a@b.c."])");
  CHECK(app::with_references({R"({"b":1,"a":"plain"})"}, seeded_contact).text == R"({"a":"plain","b":1})");
}
