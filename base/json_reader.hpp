// The only place that lexes JSON: feeds a sink with events, under limits, without building a tree.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/json_document.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"

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

// Reads one whole document. Refuses what is over the limits, duplicate keys, NaN-like and infinite numbers, invalid
// UTF-8 and anything after the document; the error's message holds line and column, `place` too where given.
Status read_json(std::string_view text, JsonSink& sink, const JsonLimits& limits = {}, JsonPlace* place = nullptr);

// The line and column (1-based, in bytes) of an offset into `text`.
JsonPlace place_of(std::string_view text, std::size_t offset);

// For a sink that keeps places: it hears where each token starts, and judges duplicate keys itself.
class PlacedJsonSink : public JsonSink {
 public:
  virtual void starts_at(std::size_t offset) = 0;  // before the event of the token
};

struct JsonFault {
  ErrorCode code;
  std::size_t offset = 0;
  std::string message;  // what is wrong there, without the place
};

// read_json() for such a sink; nothing is returned when nothing is wrong.
std::optional<JsonFault> read_placed_json(std::string_view text, PlacedJsonSink& sink, const JsonLimits& limits = {});

// A tree of a document that a machine wrote (an answer, a stored record). Numbers over 2^53 lose digits here.
Result<nlohmann::json> parse_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace base
