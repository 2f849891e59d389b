// A server that answers the verbs from a script, and keeps what they asked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/run_program.hpp"

namespace test {

struct Asked {
  std::string method;
  std::string target;  // with its query
  std::string body;
  std::string authorization;
};

class ScriptedApi {
 public:
  ScriptedApi();
  ~ScriptedApi();

  // `call` is a method and a path without a query, e.g. "GET /users". Whatever is not in the script is a 404.
  void answers(const std::string& call, int status, const std::string& body);
  // Called with the request, before the answer goes out.
  void on(const std::string& call, std::function<std::pair<int, std::string>(const Asked&)> answer);

  std::string url() const;
  std::vector<Asked> asked() const;
  // The last request of this method and path; fails the test where there is none.
  Asked last(const std::string& call) const;

  // The program, asking this server.
  Ended run(std::vector<std::string> arguments) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace test
