#include "base/findings.hpp"

#include <catch2/catch.hpp>

namespace base {
namespace {

Finding unknown_task() {
  return {.code = "unknown_task",
          .pointer = "/tasks/answer/after/0",
          .message = "there is no task 'anser'",
          .hint = "did you mean 'answer'?",
          .line = 12,
          .column = 7,
          .file = "workflow.json"};
}

}  // namespace

TEST_CASE("a finding is one line that an editor can jump to") {
  CHECK(to_line(unknown_task()) ==
        "workflow.json:12:7: /tasks/answer/after/0: there is no task 'anser' · did you mean 'answer'? [unknown_task]");
}

TEST_CASE("a finding's line leaves out what is not known") {
  CHECK(to_line({.code = "c", .pointer = "", .message = "m"}) == "m [c]");
  CHECK(to_line({.code = "c", .pointer = "/a", .message = "m", .file = "f.json"}) == "f.json: /a: m [c]");
  CHECK(
      to_line({.code = "c", .pointer = "/a", .message = "m", .severity = Severity::warning, .line = 3, .column = 1}) ==
      "3:1: warning: /a: m [c]");
}

TEST_CASE("what people wrote cannot break a finding's line") {
  CHECK(to_line({.code = "c", .pointer = "/a\nb", .message = "no '\x1b[31m'"}) == "/a\\u000ab: no '\\u001b[31m' [c]");
}

TEST_CASE("findings are a JSON array for machines") {
  CHECK(to_json(Findings{}) == "[]");
  CHECK(to_json(Findings{unknown_task()}) ==
        R"([{"code":"unknown_task","severity":"error","file":"workflow.json","line":12,"column":7,)"
        R"("pointer":"/tasks/answer/after/0","message":"there is no task 'anser'","hint":"did you mean 'answer'?"}])");
}

TEST_CASE("only errors stand in the way") {
  Finding finding = unknown_task();
  CHECK(has_errors({finding}));
  finding.severity = Severity::warning;
  CHECK_FALSE(has_errors({finding}));
  CHECK_FALSE(has_errors({}));
}

TEST_CASE("the nearest name is the one that was meant") {
  const std::vector<std::string> names{"fields", "object", "key", "idempotency", "if_exists", "as"};
  const struct {
    std::string wrong, meant;
  } cases[] = {
      {"fileds", "fields"},  // two letters swapped
      {"feilds", "fields"},
      {"field", "fields"},   // one missing
      {"Object", "object"},  // one wrong
      {"idempotencyKey", "idempotency"},
      {"if_exist", "if_exists"},
      {"kye", "key"},
      {"ox", ""},  // too short to tell
      {"colour", ""},
      {"", ""},
      {std::string(1'000'000, 'x'), ""},
  };
  for (const auto& [wrong, meant] : cases) CHECK(nearest(wrong, names) == meant);
}

TEST_CASE("of two names equally near the first is taken, and a nearer one before both") {
  CHECK(nearest("score", {"scope", "store"}) == "scope");
  CHECK(nearest("scores", {"scopes", "score"}) == "scopes");
  CHECK(nearest("store", {"scope", "stores", "store"}) == "store");
}

TEST_CASE("a pointer's token is escaped") {
  CHECK(pointer_token("plain") == "/plain");
  CHECK(pointer_token("a/b~c") == "/a~1b~0c");
  CHECK(pointer_token("") == "/");
}

}  // namespace base
