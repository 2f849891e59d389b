// A local org for mapping tests: asked within this process, and empty but for what a case puts there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "app/test_org.hpp"
#include "base/http/in_process.hpp"
#include "local_org/api_error.hpp"
#include "local_org/server.hpp"

namespace app {

class LocalTestOrg final : public TestOrg {
 public:
  // `number` tells it from others of the same servers; `describes` are of objects beyond its own.
  LocalTestOrg(Services& services, base::http::InProcessServers& servers, std::size_t number,
               std::vector<std::string> describes);
  LocalTestOrg(const LocalTestOrg&) = delete;
  LocalTestOrg& operator=(const LocalTestOrg&) = delete;
  ~LocalTestOrg() override { servers_.remove(url_); }

  local_org::Credentials credentials() { return org_.credentials(); }

  bool is_linked() const override { return false; }
  void start_over() override;
  base::awaitable<base::Result<std::string>> insert(std::string object, base::JsonText fields) override;
  base::Findings note_before(const ExpectedRecords& expected) override;
  base::awaitable<base::Result<std::vector<base::JsonText>>> written(ExpectedRecords expected) override;
  std::int64_t calls() override;

 private:
  using RecordsById = std::map<std::string, std::string>;  // id -> JSON

  RecordsById records_of(const ExpectedRecords& expected);
  base::Findings refused_fields(const ExpectedRecords& expected, const local_org::ApiError& refusal);

  base::http::InProcessServers& servers_;
  std::string url_;
  local_org::LocalOrg org_;
  std::map<std::string, RecordsById> before_{};  // by the expectation's pointer
};

}  // namespace app
