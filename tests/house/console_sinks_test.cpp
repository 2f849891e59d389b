// The console never reads markup out of a text and runs nothing that stands in one: no file has a way to.
#include <catch2/catch.hpp>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"

namespace {

// What makes elements or code of texts, and what would keep a token longer than its tab or send it elsewhere.
std::vector<std::string> console_sinks_in(const std::string& text) {
  const std::regex sink(
      R"(\b(innerHTML|outerHTML|insertAdjacentHTML|document\s*\.\s*write(ln)?|eval|new\s+Function|createContextualFragment|)"
      R"(DOMParser|setHTML(Unsafe)?|parseHTMLUnsafe|srcdoc|createPolicy|execCommand|importScripts|localStorage|)"
      R"(indexedDB|document\s*\.\s*cookie|sendBeacon|WebSocket|EventSource|postMessage)\b|javascript:|)"
      R"(set(Timeout|Interval)\s*\(\s*['"`]|\.\s*on[a-z]+\s*=[^=])");
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), sink), end; at != end; ++at) found.push_back(at->str());
  return found;
}

std::vector<std::string> inline_parts_of(const std::string& markup) {
  const std::regex part(R"(<script(?![^>]*\bsrc=)[^>]*>|<style|\s(on[a-z]+|style)\s*=)", std::regex::icase);
  std::vector<std::string> found;
  for (std::sregex_iterator at(markup.begin(), markup.end(), part), end; at != end; ++at) found.push_back(at->str());
  return found;
}

std::vector<std::filesystem::path> console_sources(const std::string& extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path("app/console")))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("no module of the console makes markup or code of a text") {
  for (const std::filesystem::path& file : console_sources(".js")) {
    INFO(file);
    CHECK(console_sinks_in(test::read_file(file.string())) == std::vector<std::string>{});
  }
  CHECK(console_sources(".js").size() > 10);
}

TEST_CASE("no page of the console holds a script, a style or a listener of its own") {
  for (const std::filesystem::path& file : console_sources(".html")) {
    INFO(file);
    CHECK(inline_parts_of(test::read_file(file.string())) == std::vector<std::string>{});
  }
  CHECK(console_sources(".html").size() == 1);
}

TEST_CASE("no style of the console loads anything") {
  for (const std::filesystem::path& file : console_sources(".css")) {
    const std::string text = test::read_file(file.string());
    INFO(file);
    CHECK(text.find("url(") == std::string::npos);
    CHECK(text.find("@import") == std::string::npos);
  }
  CHECK(console_sources(".css").size() == 1);
}

TEST_CASE("what the console must not have is found wherever it stands") {
  for (const char* line : {"box.innerHTML = text;", "box.outerHTML=text", "box.insertAdjacentHTML('beforeend', text)",
                           "document.write(text)", "eval(text)", "new Function(text)()", "setTimeout('go()', 1)",
                           "frame.srcdoc = text", "link.href = 'javascript:' + text", "new DOMParser()",
                           "localStorage.setItem('token', token)", "document.cookie = token", "image.onerror = go"}) {
    INFO(line);
    CHECK(console_sinks_in(line).size() == 1);
  }
  for (const char* markup : {"<script>go()</script>", "<p style=\"color: red\">", "<img src=x onerror=\"go()\">"}) {
    INFO(markup);
    CHECK(inline_parts_of(markup).size() == 1);
  }
}
