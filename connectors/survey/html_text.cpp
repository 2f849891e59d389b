#include "connectors/survey/html_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>

// The names of characters, as &eacute;.
#include <libxml/HTMLparser.h>

namespace connectors::survey {

namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

void append_code_point(std::string& out, std::uint32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// A blank that forbids a line break is one like any other in a record.
void append_character(std::string& out, std::uint32_t code) {
  constexpr std::uint32_t no_break_space = 0xA0;
  append_code_point(out, code == no_break_space ? ' ' : code);
}

// Appends what the reference at the start of `text` stands for and gives its length; 0 when it is none.
std::size_t append_reference(std::string& out, std::string_view text) {
  std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  std::string_view name = text.substr(1, end - 1);
  if (name.front() != '#') {
    const htmlEntityDesc* known = htmlEntityLookup(reinterpret_cast<const xmlChar*>(std::string(name).c_str()));
    if (!known) return 0;
    append_character(out, known->value);
    return end + 1;
  }
  name.remove_prefix(1);
  int base = 10;
  if (!name.empty() && (name.front() == 'x' || name.front() == 'X')) {
    name.remove_prefix(1);
    base = 16;
  }
  std::uint32_t code = 0;
  auto [stop, fault] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  if (name.empty() || fault != std::errc{} || stop != name.data() + name.size()) return 0;
  append_character(out, code);
  return end + 1;
}

// The length of the tag or comment at the start of `text`; 0 when the '<' is just a character.
std::size_t tag_length(std::string_view text) {
  if (text.substr(0, 4) == "<!--") {
    std::size_t end = text.find("-->", 4);
    return end == std::string_view::npos ? 0 : end + 3;
  }
  std::size_t name = text.substr(0, 2) == "</" ? 2 : 1;
  if (name >= text.size() || !is_ascii_letter(text[name])) return 0;
  std::size_t end = text.find('>', name);
  return end == std::string_view::npos ? 0 : end + 1;
}

// "br" of "<BR/>" and of "</br>"
std::string name_of_tag(std::string_view tag) {
  std::size_t at = tag.substr(0, 2) == "</" ? 2 : 1;
  std::string name;
  while (at < tag.size() && (is_ascii_letter(tag[at]) || (tag[at] >= '0' && tag[at] <= '9'))) {
    name.push_back(static_cast<char>(tag[at++] | 0x20));
  }
  return name;
}

bool ends_an_element(std::string_view text, std::string_view name) {
  return text.starts_with("</") && name_of_tag(text.substr(0, name.size() + 3)) == name;
}

// How much of `text`, which stands behind the start tag `name`, is no text for readers: a style or a script up to its
// end, or up to the end of all where it has none, as browsers take it.
std::size_t hidden_length(std::string_view text, std::string_view name) {
  if (name != "style" && name != "script") return 0;
  for (std::size_t at = text.find("</"); at != std::string_view::npos; at = text.find("</", at + 2)) {
    if (ends_an_element(text.substr(at), name)) return at;
  }
  return text.size();
}

// Only tags that set their content apart leave a gap: <b>no</b>t stays one word.
bool leaves_a_gap(std::string_view name) {
  static constexpr std::array<std::string_view, 14> block{"br", "p",  "div",   "li", "ul", "ol", "tr",
                                                          "td", "th", "table", "hr", "h1", "h2", "h3"};
  for (std::string_view one : block) {
    if (name == one) return true;
  }
  return false;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (char c : text) {
    if (is_white(c)) {
      gap = !out.empty();
    } else {
      if (gap) out.push_back(' ');
      gap = false;
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

std::string strip_html(std::string_view html) {
  if (html.find_first_of("<&") == std::string_view::npos) return std::string(html);
  std::string out;
  out.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    std::string_view rest = html.substr(at);
    std::size_t taken = 0;
    if (rest.front() == '<' && (taken = tag_length(rest)) > 0) {
      const std::string name = name_of_tag(rest.substr(0, taken));
      if (leaves_a_gap(name)) out.push_back(' ');
      if (!rest.starts_with("</")) taken += hidden_length(rest.substr(taken), name);
    } else if (rest.front() == '&') {
      taken = append_reference(out, rest);
    }
    if (taken == 0) {
      out.push_back(rest.front());
      taken = 1;
    }
    at += taken;
  }
  return with_single_blanks(out);
}

base::Value without_html(const base::Value& label) {
  if (const auto* text = std::get_if<std::string>(&label.data)) return strip_html(*text);
  const auto* list = std::get_if<base::List>(&label.data);
  if (!list) return label;
  base::List stripped;
  stripped.reserve(list->size());
  for (const base::Value& item : *list) stripped.push_back(without_html(item));
  return stripped;
}

}  // namespace connectors::survey
