// Numbers by their digits.
#include "tasks/decimal.hpp"

#include <catch2/catch.hpp>

using tasks::Decimal;
using tasks::Rounding;

namespace {

std::string read(const char* text) {
  const auto decimal = Decimal::read(text);
  return decimal ? decimal->text() : "none";
}

std::string rounded(const char* text, int places, Rounding rounding) {
  return Decimal::read(text)->rounded(places, rounding).text();
}

}  // namespace

TEST_CASE("a number is read in every form that JSON and people have, and written out") {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0"},         {"-0", "0"},        {"7", "7"},
      {"+7", "7"},        {"007", "7"},       {"1.10", "1.1"},
      {"-2.50", "-2.5"},  {".5", "0.5"},      {"5.", "5"},
      {"1e3", "1000"},    {"1.25E+2", "125"}, {"1.25e1", "12.5"},
      {"12e-3", "0.012"}, {"0.000", "0"},     {"100", "100"},
      {"1e-2", "0.01"},   {"", "none"},       {".", "none"},
      {"-", "none"},      {"1,5", "none"},    {"1e", "none"},
      {"e5", "none"},     {"1.2.3", "none"},  {"0x10", "none"},
      {"1e999", "none"},  {"--1", "none"},    {"1 000", "none"},
      {"NaN", "none"},    {"1e+-2", "none"},  {"9007199254740993", "9007199254740993"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(read(text) == expected);
  }
}

TEST_CASE("a number is rounded away from zero at the half, or cut") {
  CHECK(rounded("2.5", 0, Rounding::half_up) == "3");
  CHECK(rounded("-2.5", 0, Rounding::half_up) == "-3");
  CHECK(rounded("2.4999", 0, Rounding::half_up) == "2");
  CHECK(rounded("0.5", 0, Rounding::half_up) == "1");
  CHECK(rounded("0.05", 0, Rounding::half_up) == "0");
  CHECK(rounded("9.96", 1, Rounding::half_up) == "10");
  CHECK(rounded("99.995", 2, Rounding::half_up) == "100");
  CHECK(rounded("1.005", 2, Rounding::half_up) == "1.01");
  CHECK(rounded("1.999", 2, Rounding::down) == "1.99");
  CHECK(rounded("-1.999", 0, Rounding::down) == "-1");
  CHECK(rounded("0.009", 2, Rounding::down) == "0");
  CHECK(rounded("7", 2, Rounding::down) == "7");
}

TEST_CASE("a number knows its digits on both sides of the point") {
  CHECK(Decimal::read("123.45")->whole_digits() == 3);
  CHECK(Decimal::read("123.45")->decimal_places() == 2);
  CHECK(Decimal::read("0.012")->whole_digits() == 0);
  CHECK(Decimal::read("0.012")->decimal_places() == 3);
  CHECK(Decimal::read("1e5")->whole_digits() == 6);
  CHECK(Decimal::read("0")->whole_digits() == 0);
}

TEST_CASE("numbers are ordered by their value") {
  const char* ascending[] = {"-100", "-2.5", "-2.49", "-0.001", "0", "0.0001", "0.01", "1", "1.5", "9", "10", "1e2"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      INFO(ascending[i] << " and " << ascending[j]);
      CHECK(Decimal::read(ascending[i])->compare(*Decimal::read(ascending[j])) == (i < j ? -1 : i > j ? 1 : 0));
    }
  }
  CHECK(Decimal::read("1.10")->compare(*Decimal::read("1.1")) == 0);
}
