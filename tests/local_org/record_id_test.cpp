// Ids: the checksum of real ones, and what is no id.
#include <catch2/catch.hpp>

#include "local_org/record_id.hpp"

using local_org::make_record_id;
using local_org::record_id_suffix;
using local_org::to_record_id;

TEST_CASE("the suffix says which characters are capitals") {
  // Ids out of Salesforce's documentation and public code.
  const std::string id = GENERATE(as<std::string>{}, "001D000000IqhSLIAZ", "001RM000003oCprYAE", "a02gL00000HX0DxQAL",
                                  "012000000000000AAA", "001xx0000004GxDAAU");
  CAPTURE(id);
  CHECK(record_id_suffix(id.substr(0, 15)) == id.substr(15));
  CHECK(to_record_id(id.substr(0, 15)) == id);
  CHECK(to_record_id(id) == id);
}

TEST_CASE("what is no id is refused") {
  const std::string text = GENERATE(as<std::string>{}, "", "abc123", "001D000000IqhSL0", "001D000000Iqh-L",
                                    "001D000000IqhSLIAA", "001D000000IqhSLIAZZ");
  CAPTURE(text);
  CHECK_FALSE(to_record_id(text).has_value());
}

TEST_CASE("numbers become distinct ids of the object") {
  CHECK(make_record_id("003", 1) != make_record_id("003", 62));
  CHECK(make_record_id("003", 61).substr(0, 15) == "003Lo000000000z");
  CHECK(make_record_id("003", 62).substr(0, 15) == "003Lo0000000010");
  CHECK(to_record_id(make_record_id("a00", 123'456'789)) == make_record_id("a00", 123'456'789));
}
