// What of an error's message is told of all runs that fail alike.
#include "engine/folded_message.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using engine::folded_message;

namespace {

struct Folding {
  std::string message;
  std::string folded;
};

}  // namespace

TEST_CASE("what differs between two runs is left out of what Salesforce says") {
  const std::vector<Folding> table{
      {"Comment: data value too large: I like it (max length=255), really (max length=255)",
       "Comment: data value too large: … (max length=255)"},
      {"Job Category: bad value for restricted picklist field: Sword swallower",
       "Job Category: bad value for restricted picklist field: …"},
      {"Score: value outside of valid range on numeric field: 1000",
       "Score: value outside of valid range on numeric field: …"},
      {"Email: invalid email address: ana at home", "Email: invalid email address: …"},
      {"Account ID: id value of incorrect type: 001900K0001pPuOAAU", "Account ID: id value of incorrect type: …"},
      {"duplicate value found: Ext__c duplicates value on record with id: 001U000001c83gK",
       "duplicate value found: Ext__c duplicates value on record with id: …"},
      {"Cannot deserialize instance of date from VALUE_STRING value 2017-05-30T-06:00:00X or request may be missing a "
       "required field at [line:11, column:55]",
       "Cannot deserialize instance of date from VALUE_STRING value … or request may be missing a required field at "
       "[line:…, column:…]"},
      {"unable to obtain exclusive access to this record or 2 records: 001U000001c83gK,003U000001c83gQAAT",
       "unable to obtain exclusive access to this record or … records: …"},
      {"operation performed with inactive user [005900K0001pPuO] as owner of Contact",
       "operation performed with inactive user […] as owner of Contact"},
      {"HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,PATCH",
       "HTTP Method '…' not allowed. Allowed are HEAD,GET,PATCH"},
  };
  for (const Folding& one : table) CHECK(folded_message(one.message) == one.folded);
}

TEST_CASE("words, names of fields and apostrophes are no variables") {
  for (const std::string message :
       {"Required fields are missing: [LastName, Line_2__c]", "There's a problem with this state, isn't there?",
        "internationally acknowledged misunderstandings", "storage limit exceeded", "Address2 and Q3 are blank"})
    CHECK(folded_message(message) == message);
}

TEST_CASE("what the other side repeats of a record is left out, however it stands in the message") {
  const std::string sent =
      R"({"object":"Contact","fields":{"LastName":"Okafor","Note":"it's a \"deal\"","Status":"Open"}})";

  CHECK(folded_message("Trigger: no room for Okafor (it's a \"deal\")", {.sent = sent}) ==
        "Trigger: no room for … (…)");
  CHECK(folded_message("Okafors are others", {.sent = sent}) == "Okafors are others");
}

TEST_CASE("the author's own words stay, quoted or sent") {
  const std::string names = R"({"object":"Contact","fields":{"Status":"Open","Nickname__c":"${q://QID1}"}})";
  const std::string sent = R"({"object":"Contact","fields":{"Status":"Open","Nickname__c":"Contact Anna"}})";

  CHECK(folded_message("No such column 'Nickname__c' on Contact; Open is not 'Contact Anna'",
                       {.sent = sent, .names = names}) == "No such column 'Nickname__c' on Contact; Open is not '…'");
}

TEST_CASE("several things left out in a row are one") {
  CHECK(folded_message("call +49 170 1234567 now") == "call … now");
  CHECK(folded_message("write to ana@example.org, bo@example.org") == "write to …");
}
