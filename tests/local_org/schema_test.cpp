// The describe files: what live orgs say of the same objects.
#include <algorithm>

#include <catch2/catch.hpp>

#include "local_org/schema.hpp"

using local_org::Field;
using local_org::Object;

namespace {

std::vector<std::string> required_on_create(const Object& object) {
  std::vector<std::string> names;
  for (const Field& field : object.fields) {
    if (field.required()) names.push_back(field.name);
  }
  return names;
}

}  // namespace

TEST_CASE("the objects require what they require in Salesforce") {
  struct Case {
    std::string object;
    std::vector<std::string> required;
  };
  const Case expected =
      GENERATE(Case{"Account", {"Name"}}, Case{"Contact", {"LastName"}}, Case{"Lead", {"LastName", "Company"}},
               Case{"Case", {}}, Case{"Survey_Response__c", {}});
  const local_org::Schema schema = local_org::standard_schema();
  CAPTURE(expected.object);
  CHECK(required_on_create(*schema.find(expected.object)) == expected.required);
}

TEST_CASE("the objects have Salesforce's key prefixes") {
  const auto [name, prefix] = GENERATE(table<std::string, std::string>({{"Account", "001"},
                                                                        {"Contact", "003"},
                                                                        {"User", "005"},
                                                                        {"Organization", "00D"},
                                                                        {"Lead", "00Q"},
                                                                        {"FeedItem", "0D5"},
                                                                        {"Case", "500"}}));
  const local_org::Schema schema = local_org::standard_schema();
  CHECK(schema.find(name)->key_prefix == prefix);
  CHECK(schema.find_by_prefix(prefix) == schema.find(name));
}

TEST_CASE("every boolean is there from the start and every lookup names its target") {
  const local_org::Schema schema = local_org::standard_schema();
  for (const Object& object : schema.objects()) {
    for (const Field& field : object.fields) {
      CAPTURE(object.name, field.name);
      if (field.type == local_org::FieldType::boolean) CHECK((!field.nillable && field.defaulted));
      CHECK(field.is_lookup() == !field.references.empty());
    }
  }
}

TEST_CASE("a text that is no describe document is refused") {
  local_org::Schema schema;
  CHECK_THROWS_AS(schema.add("{}"), std::invalid_argument);
  CHECK_THROWS_AS(schema.add("not json"), std::invalid_argument);
}
