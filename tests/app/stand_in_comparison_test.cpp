// What is a stand-in in a record, and what another thing.
#include <catch2/catch.hpp>

#include "app/stand_in_comparison.hpp"

namespace {

std::size_t different(const char* before, const char* now) {
  app::StandIns stand_ins;
  stand_ins.set("Ana Reyes", "text 1 lo");
  stand_ins.set("He said no & left at once", "text 2 lorem ipsum dolor ");
  stand_ins.set("A", "t");
  stand_ins.set("7", "9");
  return app::StandInComparison(stand_ins).different_fields({before}, {now});
}

}  // namespace

TEST_CASE("a stand-in where its text stood is no difference: whole, in a sentence, cut, or percent-encoded") {
  CHECK(different(R"({"Name":"Ana Reyes"})", R"({"Name":"text 1 lo"})") == 0);
  CHECK(different(R"({"Name":"from Ana Reyes!"})", R"({"Name":"from text 1 lo!"})") == 0);
  CHECK(different(R"({"Name":"Ana R"})", R"({"Name":"text "})") == 0);
  CHECK(different(R"({"Name":"it: He said no…"})", R"({"Name":"it: text 2 lor…"})") == 0);
  CHECK(different(R"({"Site":"?q=Ana%20Reyes"})", R"({"Site":"?q=text%201%20lo"})") == 0);
  CHECK(different(R"({"Birthdate":"1980-03-01"})", R"({"Birthdate":"2000-01-01"})") == 0);
  CHECK(different(R"({"Score":7.0,"Text":"score 7"})", R"({"Score":9.0,"Text":"score 9"})") == 0);
  CHECK(different(R"({"Id":"1","Contact":"0035g00000XyZabAAF"})", R"({"Id":"2","Contact":"003000000000001"})") == 0);
}

TEST_CASE("another choice, an empty field and a text that nobody has said are differences") {
  CHECK(different(R"({"Segment":"B"})", R"({"Segment":"C"})") == 1);
  CHECK(different(R"({"Due":"1980-03-01"})", R"({"Due":"1981-03-01"})") == 1);
  CHECK(different(R"({"Segment":"Ana"})", R"({"Segment":"t"})") == 1);
  CHECK(different(R"({"Name":"Ana Reyes"})", R"({"Name":null})") == 1);
  CHECK(different(R"({"Score":77.0})", R"({"Score":9.0})") == 1);
  CHECK(different(R"({"Name":"Ana Reyes","Flag":true})", R"({"Name":"unknown","Flag":false})") == 2);
}
