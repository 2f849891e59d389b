// A local org for mapping tests: it listens, and is empty but for what a case puts there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "app/test_org.hpp"
#include "local_org/api_error.hpp"
#include "local_org/server.hpp"

namespace app {

class LocalTestOrg final : public TestOrg {
 public:
  explicit LocalTestOrg(Services& services);

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

  local_org::LocalOrg org_;
  local_org::Served served_;
  std::map<std::string, RecordsById> before_{};  // by the expectation's pointer
};

}  // namespace app
