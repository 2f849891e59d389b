// Expected and found records side by side: what counts as equal, and the words for what does not.
#include <catch2/catch.hpp>

#include "app/record_comparison.hpp"

namespace {

using Lines = std::vector<std::string>;

Lines compared(const std::vector<base::JsonText>& expected, const std::vector<base::JsonText>& found) {
  return app::record_differences("crm Survey_Response__c", expected, found);
}

}  // namespace

TEST_CASE("only the fields that the expected record names are compared") {
  CHECK(compared({{R"({"Score__c":10})"}}, {{R"({"Id":"a00","Score__c":10.0,"Segment__c":"B"})"}}).empty());
}

TEST_CASE("null is an empty field, whether the org says null or nothing") {
  CHECK(compared({{R"({"A":null,"B":null})"}}, {{R"({"A":null})"}}).empty());
  CHECK(compared({{R"({"A":null})"}}, {{R"({"A":"x"})"}}) ==
        Lines{R"(crm Survey_Response__c[0].A: expected nothing, found "x")"});
}

TEST_CASE("a point in time is the same however it is written") {
  CHECK(compared({{R"({"At":"2026-05-01T09:25:37+02:00"})"}}, {{R"({"At":"2026-05-01T07:25:37.000+0000"})"}}).empty());
  CHECK(compared({{R"({"At":"2026-05-01"})"}}, {{R"({"At":"2026-05-01T00:00:00.000+0000"})"}}).size() == 1);
}

TEST_CASE("each difference is a line with its record, its field and both values") {
  CHECK(compared({{R"({"Score__c":10,"Segment__c":"A"})"}}, {{R"({"Score__c":9,"Segment__c":"B"})"}}) ==
        Lines{"crm Survey_Response__c[0].Score__c: expected 10, found 9",
              R"(crm Survey_Response__c[0].Segment__c: expected "A", found "B")"});
}

TEST_CASE("a number is no text of the same digits") {
  CHECK(compared({{R"({"A":10})"}}, {{R"({"A":"10"})"}}) ==
        Lines{R"(crm Survey_Response__c[0].A: expected 10, found "10")"});
}

TEST_CASE("records that are missing or too many are told whole") {
  CHECK(compared({{R"({"A":1})"}, {R"({"A":2})"}}, {{R"({"A":1})"}}) ==
        Lines{R"(crm Survey_Response__c[1]: expected {"A":2}, but the run wrote only 1)"});
  CHECK(compared({}, {{R"({"attributes":{},"Id":"a00","SystemModstamp":"now","A":1})"}}) ==
        Lines{R"(crm Survey_Response__c[0]: not expected, but the run wrote {"A":1,"Id":"a00"})"});
}
