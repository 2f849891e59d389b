// A JSON document that a person wrote, as a tree that still knows where each value stood in the file.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"

namespace base {

struct JsonLimits {
  std::size_t depth = 64;
  std::size_t bytes = 8u << 20;
  std::size_t string_bytes = 1u << 20;
};

class JsonDocument {
 public:
  // Reads `text`. Broken text gives a document without a root and one finding (or several: duplicate keys) with its
  // place; never throws for bad input. `file` names the document in findings.
  static JsonDocument read(std::string_view text, std::string file, const JsonLimits& limits = {});
  // The same from disk; a file that is missing, unreadable or over the limit is a finding, its content is not loaded.
  static JsonDocument read_file(const std::string& path, const JsonLimits& limits = {});

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  bool readable() const;               // there is a root
  const Findings& findings() const;    // faults of reading
  const nlohmann::json& root() const;  // precondition: readable()
  const std::string& file() const;

  // Fills file, line and column from the finding's pointer (its nearest ancestor that exists). A member of an object
  // stands where its key does, an element of a list where it begins.
  void locate(Findings& findings) const;

 private:
  struct Impl;
  explicit JsonDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
