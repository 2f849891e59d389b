#include "app/cli/doctor_picture.hpp"

#include <catch2/catch.hpp>

using app::cli::doctor_exit;
using app::cli::doctor_junit;
using app::cli::doctor_picture;

namespace {

base::JsonText a_finding(const std::string& check, const std::string& verdict) {
  return {
      R"({"checks":[{"check":"environment","verdict":"pass","message":"the org is sandbox","fix":"","setup_path":""},)"
      R"({"check":")" +
      check + R"(","verdict":")" + verdict +
      R"(","message":"<none> & \"more\"","fix":"Tick it.","setup_path":"Setup > Users"}]})"};
}

}  // namespace

TEST_CASE("the doctor's exit code is 1 for a failure, and 3 for what cannot be told where that is asked for") {
  CHECK(doctor_exit(a_finding("create", "pass"), true) == 0);
  CHECK(doctor_exit(a_finding("create", "not_applicable"), true) == 0);
  CHECK(doctor_exit(a_finding("create", "fail"), false) == 1);
  CHECK(doctor_exit(a_finding("create", "fail"), true) == 1);
  CHECK(doctor_exit(a_finding("create", "cannot_tell"), false) == 0);
  CHECK(doctor_exit(a_finding("create", "cannot_tell"), true) == 3);
}

TEST_CASE("requirements stand one a line, aligned, and a failed one says what to do and where") {
  CHECK(doctor_picture(a_finding("create", "fail"), {}) ==
        "environment  ✓ pass  the org is sandbox\n"
        "create       ✗ fail  <none> & \"more\"\n"
        "                     fix: Tick it.\n"
        "                     at:  Setup > Users\n"
        "\n1 passed, 1 failed, 0 cannot be told, 0 not asked for\n");
}

TEST_CASE("what passed is told without a way out") {
  CHECK(doctor_picture(a_finding("create", "pass"), {}).find("Tick it.") == std::string::npos);
}

TEST_CASE("a JUnit report fails what fails and skips what cannot be told, with its texts escaped") {
  const std::string failed = doctor_junit(a_finding("create", "fail"), "CRM <1>");
  CHECK(failed.find("<testsuite name=\"doctor CRM &lt;1&gt;\" tests=\"2\" failures=\"1\" skipped=\"0\">") !=
        std::string::npos);
  CHECK(failed.find("<testcase classname=\"doctor\" name=\"create\"><failure message=\"&lt;none&gt; &amp; "
                    "&quot;more&quot;\">Tick it. Setup &gt; Users</failure></testcase>") != std::string::npos);
  CHECK(doctor_junit(a_finding("create", "cannot_tell"), "CRM").find("<skipped message=") != std::string::npos);
}
