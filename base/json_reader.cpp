#include "base/json_reader.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_syntax.hpp"
#include "base/json_tree.hpp"
#include "base/utf8.hpp"

namespace base {
namespace {

constexpr std::size_t number_text_max = 64;  // 17 digits say all a double holds; the rest is room for 2^60 and the like
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// nlohmann's events carry no places and its numbers no text. Its lexer is therefore fed by an iterator that all copies
// share, so that at each event it is known how far the lexer has read.
struct LexerCursor {
  const char* at;
  const char* end;
  bool past_end = false;  // the lexer has been told that there is no more
};

class LexerIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  explicit LexerIterator(LexerCursor* cursor) : cursor_(cursor) {}

  const char& operator*() const { return *cursor_->at; }
  LexerIterator& operator++() {
    ++cursor_->at;
    return *this;
  }
  void operator++(int) { ++*this; }

  // Only ever asked about the end, and only by a lexer that wants the next byte.
  friend bool operator!=(const LexerIterator& a, const LexerIterator&) {
    if (a.cursor_->at != a.cursor_->end) return true;
    a.cursor_->past_end = true;
    return false;
  }
  [[maybe_unused]] friend bool operator==(const LexerIterator& a, const LexerIterator& b) { return !(a != b); }

 private:
  LexerCursor* cursor_;
};

// The keys of all objects that are open, to find duplicates without a set per object. An object is judged at its end by
// sorting: n log n also for the keys of someone who means harm.
class OpenKeys {
 public:
  OpenKeys() { keys_.reserve(64); }

  std::size_t count() const { return keys_.size(); }

  // `written` is the key between its quotes, which usually is the key itself and then need not be copied.
  void add(const std::string& name, std::string_view written, std::size_t offset) {
    const std::string_view text = written.size() == name.size() ? written : unescaped_.emplace_back(name);
    keys_.push_back({std::hash<std::string_view>{}(text), text, offset});
  }

  struct Key {
    std::size_t hash;
    std::string_view text;
    std::size_t offset;
  };

  // Takes away the keys from `first` on, those of the object that ends; gives the first one that stood there before.
  std::optional<Key> close(std::size_t first) {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, keys_.end(), [](const Key& a, const Key& b) {
      if (a.hash != b.hash) return a.hash < b.hash;
      if (const int order = a.text.compare(b.text); order != 0) return order < 0;
      return a.offset < b.offset;
    });
    std::optional<Key> duplicate;
    for (auto key = begin; key != keys_.end(); ++key) {
      if (key == begin || std::prev(key)->text != key->text) continue;
      if (!duplicate || key->offset < duplicate->offset) duplicate = *key;
    }
    keys_.erase(begin, keys_.end());
    return duplicate;
  }

 private:
  std::vector<Key> keys_;
  std::deque<std::string> unescaped_;
};

bool stands_between_tokens(char c) { return c == ' ' || c == ',' || c == ':' || c == '\n' || c == '\r' || c == '\t'; }

// Takes nlohmann's events, holds them against the limits and hands them on.
class JsonEvents {
 public:
  JsonEvents(std::string_view text, const JsonLimits& limits, JsonSink& sink, PlacedJsonSink* placed)
      : text_(text), limits_(limits), sink_(sink), placed_(placed), cursor_{text.data(), text.data() + text.size()} {
    if (text.starts_with(byte_order_mark)) done_ = byte_order_mark.size();
    open_.reserve(16);
  }

  std::optional<JsonFault> read() {
    if (text_.size() > limits_.bytes) {
      return JsonFault{json_too_large, 0,
                       fmt::format("the document has {} bytes, and at most {} are read", text_.size(), limits_.bytes)};
    }
    // The lexer takes a NUL byte for the end and would leave unread what follows.
    if (const std::size_t nul = text_.find('\0'); nul != text_.npos) {
      return JsonFault{json_invalid, nul, "a NUL byte cannot stand in a JSON document"};
    }
    nlohmann::json::sax_parse(LexerIterator(&cursor_), LexerIterator(&cursor_), this);
    return std::move(fault_);
  }

  bool null() {
    begin(JsonSyntax::value);
    return sink_.null();
  }
  bool boolean(bool yes) {
    begin(JsonSyntax::value);
    return sink_.boolean(yes);
  }
  bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) { return number(value); }
  bool string(std::string& text) {
    begin(JsonSyntax::value);
    return short_enough(text) && sink_.string(std::move(text));
  }
  bool binary(nlohmann::json::binary_t&) { return false; }  // never happens in text

  bool start_object(std::size_t) {
    begin(JsonSyntax::object_start);
    return open(true) && sink_.start_object();
  }
  bool key(std::string& name) {
    begin(JsonSyntax::key);
    if (!short_enough(name)) return false;
    if (!placed_) keys_.add(name, text_.substr(token_ + 1, done_ - token_ - 2), token_);
    return sink_.key(std::move(name));
  }
  bool end_object() {
    begin(JsonSyntax::value);
    const std::size_t first_key = open_.back().first_key;
    open_.pop_back();
    if (const auto key = keys_.close(first_key)) {
      return refuse(json_invalid, key->offset, duplicate_key_sentence(key->text));
    }
    return sink_.end_object();
  }
  bool start_array(std::size_t) {
    begin(JsonSyntax::array_start);
    return open(false) && sink_.start_array();
  }
  bool end_array() {
    begin(JsonSyntax::value);
    open_.pop_back();
    return sink_.end_array();
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& exception) {
    constexpr int number_overflow = 406;
    JsonSyntax syntax{.text = text_, .last = last_, .done = done_, .read = offset_of(cursor_.at)};
    if (!open_.empty()) syntax.within = open_.back().object ? JsonSyntax::object : JsonSyntax::array;
    if (exception.id == number_overflow) {
      return refuse(json_invalid, next_token(), "this number is too large: no double can hold it");
    }
    const JsonSyntax::Fault fault = syntax.explain(exception.what());
    return refuse(json_invalid, fault.offset, fault.message);
  }

 private:
  struct Open {
    bool object;
    std::size_t first_key;  // in keys_
  };

  std::size_t offset_of(const char* at) const { return static_cast<std::size_t>(at - text_.data()); }

  // Every token but these two has an event, so the first byte behind the last event that is none of them begins this
  // one.
  std::size_t next_token() const {
    std::size_t at = done_;
    while (at < text_.size() && stands_between_tokens(text_[at])) ++at;
    return at;
  }

  void begin(JsonSyntax::Last last) {
    token_ = next_token();
    done_ = offset_of(cursor_.at);
    last_ = last;
    if (placed_) placed_->starts_at(token_);
  }

  bool number(double value) {
    begin(JsonSyntax::value);
    // A number is over only when the byte behind it has been looked at.
    if (!cursor_.past_end) --done_;
    const std::string_view written = text_.substr(token_, done_ - token_);
    if (written.size() > number_text_max) {
      return refuse(json_too_large, token_, fmt::format("this number has more than {} characters", number_text_max));
    }
    return sink_.number(written, value);
  }

  bool short_enough(const std::string& text) {
    if (text.size() <= limits_.string_bytes) return true;
    return refuse(json_too_large, token_, fmt::format("this text has more than {} bytes", limits_.string_bytes));
  }

  bool open(bool object) {
    if (open_.size() >= limits_.depth) {
      return refuse(json_too_large, token_, fmt::format("values are nested more than {} levels deep", limits_.depth));
    }
    open_.push_back({object, keys_.count()});
    return true;
  }

  bool refuse(ErrorCode code, std::size_t offset, std::string message) {
    fault_ = JsonFault{code, offset, std::move(message)};
    return false;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  JsonSink& sink_;
  PlacedJsonSink* placed_;
  LexerCursor cursor_;

  std::size_t token_ = 0;  // where the token of the current event starts
  std::size_t done_ = 0;   // where the last event's token ended
  JsonSyntax::Last last_ = JsonSyntax::nothing;
  std::vector<Open> open_;
  OpenKeys keys_;
  std::optional<JsonFault> fault_;
};

}  // namespace

Status read_json(std::string_view text, JsonSink& sink, const JsonLimits& limits, JsonPlace* place) {
  const std::optional<JsonFault> fault = JsonEvents(text, limits, sink, nullptr).read();
  if (!fault) return Ok{};
  const JsonPlace at = place_of(text, fault->offset);
  if (place) *place = at;
  return Error{fault->code, fmt::format("line {}, column {}: {}", at.line, at.column, fault->message)};
}

std::optional<JsonFault> read_placed_json(std::string_view text, PlacedJsonSink& sink, const JsonLimits& limits) {
  return JsonEvents(text, limits, sink, &sink).read();
}

JsonPlace place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_break = before.rfind('\n');
  const std::size_t line_start = line_break == before.npos ? 0 : line_break + 1;
  return JsonPlace{.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
                   .column = 1 + static_cast<int>(before.size() - line_start),
                   .offset = before.size()};
}

Result<nlohmann::json> parse_json(std::string_view text, const JsonLimits& limits) {
  JsonTree tree;
  Status status = read_json(text, tree, limits);
  if (!status) return std::move(status).error();
  return tree.take();
}

}  // namespace base
