#include "base/json_writer.hpp"

#include <cassert>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>

#include "base/utf8.hpp"

namespace base {
namespace {

template <std::integral Whole>
void append_whole_number(std::string& out, Whole value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_json_escape(std::string& out, unsigned char control) {
  constexpr char hex[] = "0123456789abcdef";
  switch (control) {
    case '\b': out += "\\b"; return;
    case '\t': out += "\\t"; return;
    case '\n': out += "\\n"; return;
    case '\f': out += "\\f"; return;
    case '\r': out += "\\r"; return;
    default:
      out += "\\u00";
      out += hex[control >> 4];
      out += hex[control & 15];
  }
}

bool stands_for_itself(unsigned char byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

struct WriteValue {
  JsonWriter& json;

  void operator()(const Blank&) const { json.null(); }
  void operator()(bool yes) const { json.boolean(yes); }
  void operator()(const Number& number) const { json.raw(number.text); }
  void operator()(const std::string& text) const { json.string(text); }
  void operator()(const List& list) const {
    json.begin_array();
    for (const Value& item : list) json.value(item);
    json.end_array();
  }
};

}  // namespace

void JsonWriter::begin_object() {
  separate();
  out_ += '{';
  needs_comma_ = false;
}

void JsonWriter::end_object() {
  out_ += '}';
  needs_comma_ = true;
}

void JsonWriter::begin_array() {
  separate();
  out_ += '[';
  needs_comma_ = false;
}

void JsonWriter::end_array() {
  out_ += ']';
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
}

void JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::number(std::int64_t value) {
  separate();
  append_whole_number(out_, value);
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  append_whole_number(out_, value);
}

void JsonWriter::number(double value) {
  separate();
  append_json_number(out_, value);
}

void JsonWriter::boolean(bool yes) { raw(yes ? "true" : "false"); }

void JsonWriter::null() { raw("null"); }

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void JsonWriter::value(const Value& value) { std::visit(WriteValue{*this}, value.data); }

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && stands_for_itself(static_cast<unsigned char>(text[end]))) ++end;
    out.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;

    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20) {
      append_json_escape(out, byte);
      ++at;
    } else if (byte < 0x80) {
      out += '\\';
      out += text[at++];
    } else if (const std::size_t length = utf8_length(text.substr(at)); length > 0) {
      out.append(text, at, length);
      at += length;
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD
      ++at;
    }
  }
  out += '"';
}

void append_json_number(std::string& out, double value) {
  assert(std::isfinite(value));
  if (!std::isfinite(value)) {
    out += "null";  // JSON has no word for it, and the document must stay one
    return;
  }
  // Like a browser does: digits as people write them, and an exponent only where there would be more zeros than sense.
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  char digits[40];
  const auto written = plain ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
                             : std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, written.ptr);
}

}  // namespace base
