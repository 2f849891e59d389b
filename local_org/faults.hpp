// Faults that a test asks for: the next calls fail, before or after their work is done.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/message.hpp"

namespace local_org {

struct Fault {
  int next = 1;                 // how many calls it strikes
  bool drops = false;           // the connection is closed without an answer
  bool after_commit = false;    // the work is done, only its answer is lost
  std::string method{};         // "" strikes any
  std::string path_contains{};  // with its query as it was sent; "" strikes any
  base::http::Response answer{};
};

class Faults {
 public:
  // A fault as JSON: {"next": 2, "status": 503, "answer": "error" | "drop", "after_commit": true, "method": "POST",
  // "path_contains": "/sobjects/", "code": "SERVER_UNAVAILABLE", "message": "…", "body": "…", "content_type": "…",
  // "headers": {"name": "…"}}, everything but "next" optional. With "status" below 400 and a "body" it is no error but
  // any answer at all. Returns what is wrong with it, or "".
  std::string add(std::string_view json);
  void clear() { faults_.clear(); }
  std::string to_json() const;

  // The first fault that strikes this call, which uses up one of its strikes.
  std::optional<Fault> strike(std::string_view method, std::string_view target);

 private:
  std::vector<Fault> faults_;
};

}  // namespace local_org
