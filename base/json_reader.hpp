// The only place that lexes JSON: feeds a sink with events, under limits, without building a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/json_document.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/value.hpp"

namespace base {

inline constexpr ErrorCode json_invalid{"json_invalid", Kind::permanent};
inline constexpr ErrorCode json_too_large{"json_too_large", Kind::permanent};

// Receives the events of one document in order. Returning false stops the reading without an error.
class JsonSink {
 public:
  virtual ~JsonSink() = default;
  virtual bool null() = 0;
  virtual bool boolean(bool yes) = 0;
  virtual bool number(std::string_view text, double value) = 0;  // text as written
  virtual bool string(std::string&& text) = 0;
  virtual bool key(std::string&& name) = 0;
  virtual bool start_object() = 0;
  virtual bool end_object() = 0;
  virtual bool start_array() = 0;
  virtual bool end_array() = 0;
};

struct JsonPlace {
  int line = 0;
  int column = 0;
  std::size_t offset = 0;
};

// Reads one whole document. Refuses what is over the limits, duplicate keys, NaN-like and infinite numbers, invalid UTF-8
// and anything after the document; the error's message holds line and column, `place` too where given.
Status read_json(std::string_view text, JsonSink& sink, const JsonLimits& limits = {}, JsonPlace* place = nullptr);

// A tree of a document that a machine wrote (an answer, a stored record). Numbers over 2^53 lose digits here.
Result<nlohmann::json> parse_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace base
