#include "base/json_document.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace base {
namespace {

// A directory that goes with the test.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "json_document_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path_ = name;
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

using Lines = std::vector<std::string>;

Lines lines_of(const Findings& findings) {
  Lines lines;
  for (const Finding& finding : findings) lines.push_back(to_line(finding));
  return lines;
}

}  // namespace

TEST_CASE("a document knows where each value stands") {
  const std::string text =
      "{\n"
      "  \"name\": \"x\",\n"
      "  \"a/b~c\": { \"list\": [ 1,\n"
      "    {\"deep\": true} ] }\n"
      "}";
  const JsonDocument document = JsonDocument::read(text, "w.json");
  REQUIRE(document.readable());
  const struct {
    std::string pointer;
    int line, column;
  } cases[] = {
      {"", 1, 1},
      {"/name", 2, 3},
      {"/a~1b~0c", 3, 3},
      {"/a~1b~0c/list", 3, 14},
      {"/a~1b~0c/list/0", 3, 24},
      {"/a~1b~0c/list/1", 4, 5},
      {"/a~1b~0c/list/1/deep", 4, 6},
      {"/a~1b~0c/list/7/deep", 3, 14},  // not there: its nearest ancestor
      {"/nothing/of/this", 1, 1},
  };
  for (const auto& [pointer, line, column] : cases) {
    Findings findings{{.code = "c", .pointer = pointer, .message = "m"}};
    document.locate(findings);
    INFO(pointer);
    CHECK(findings[0].line == line);
    CHECK(findings[0].column == column);
    CHECK(findings[0].file == "w.json");
  }
}

TEST_CASE("a document gives the tree that was written") {
  const JsonDocument document = JsonDocument::read(R"({"a": [1, "x", {"b": null}]})", "w.json");
  REQUIRE(document.readable());
  CHECK(document.findings().empty());
  CHECK(document.root().dump() == R"({"a":[1,"x",{"b":null}]})");
}

TEST_CASE("every duplicate key is found, each at its own place") {
  const JsonDocument document =
      JsonDocument::read("{\"a\": 1,\n \"a\": 2,\n \"l\": [0, {\"x\": 1, \"x\": 2}],\n \"a\": 3}", "w.json");
  CHECK_FALSE(document.readable());
  CHECK(lines_of(document.findings()) ==
        Lines{"w.json:2:2: /a: the key 'a' stands twice in this object [json_duplicate_key]",
              "w.json:3:20: /l/1/x: the key 'x' stands twice in this object [json_duplicate_key]",
              "w.json:4:2: /a: the key 'a' stands twice in this object [json_duplicate_key]"});
}

TEST_CASE("a document of nothing but duplicates is told about in bounds") {
  std::string text = "{\"a\":0";
  for (int i = 0; i < 100'000; ++i) text += ",\"a\":0";
  const JsonDocument document = JsonDocument::read(text + "}", "w.json");
  CHECK_FALSE(document.readable());
  CHECK(document.findings().size() == 100);
}

TEST_CASE("broken text is one finding with its place") {
  const JsonDocument document = JsonDocument::read("{\n  \"a\": 1\n  \"b\": 2\n}", "w.json");
  CHECK_FALSE(document.readable());
  CHECK(lines_of(document.findings()) == Lines{"w.json:2:9: a ',' or '}' is missing after this value [json_invalid]"});
}

TEST_CASE("a document is read from its file") {
  const ScratchDirectory scratch;
  const JsonDocument document = JsonDocument::read_file(scratch.file("w.json", R"({"a": 1})"));
  REQUIRE(document.readable());
  CHECK(document.root().dump() == R"({"a":1})");
}

TEST_CASE("a file that cannot be read is a finding") {
  const ScratchDirectory scratch;
  const std::string missing = scratch.path() + "/none.json";
  CHECK(lines_of(JsonDocument::read_file(missing).findings()) ==
        Lines{missing + ": there is no file '" + missing + "' [file_missing]"});
  CHECK(lines_of(JsonDocument::read_file(scratch.path()).findings()) ==
        Lines{scratch.path() + ": '" + scratch.path() + "' is a directory, not a file [file_unreadable]"});
}

TEST_CASE("a file over the limit is refused by its size alone") {
  const ScratchDirectory scratch;
  const std::string huge = scratch.file("huge.json", "");
  std::filesystem::resize_file(huge, 100'000'000);  // sparse: it holds nothing
  CHECK(lines_of(JsonDocument::read_file(huge).findings()) ==
        Lines{huge + ": '" + huge + "' has more than 8388608 bytes [json_too_large]"});

  const std::string exact = scratch.file("exact.json", "[1]");
  CHECK(JsonDocument::read_file(exact, {.bytes = 3}).readable());
  CHECK_FALSE(JsonDocument::read_file(exact, {.bytes = 2}).readable());
}

TEST_CASE("what has no size beforehand is read up to the limit and no further") {
  const Findings findings = JsonDocument::read_file("/dev/zero", {.bytes = 1000}).findings();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "json_too_large");
}

TEST_CASE("a file in another encoding is refused where it stops being UTF-8") {
  const ScratchDirectory scratch;
  const std::string latin1 = scratch.file("latin1.json", "{\n \"name\": \"M\xFCller\"}");
  CHECK(lines_of(JsonDocument::read_file(latin1).findings()) ==
        Lines{latin1 + ":2:12: this is not UTF-8; the document must be saved as UTF-8 [json_invalid]"});
  const std::string utf16 = scratch.file("utf16.json", "\xFF\xFE{");
  CHECK(lines_of(JsonDocument::read_file(utf16).findings()) ==
        Lines{utf16 + ":1:1: this is not UTF-8; the document must be saved as UTF-8 [json_invalid]"});
}

}  // namespace base
