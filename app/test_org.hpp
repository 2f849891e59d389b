// The org behind one account alias of a mapping test's case: what is there before the run, and what the run makes of
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/mapping_test.hpp"
#include "base/async.hpp"
#include "base/findings.hpp"
#include "base/result.hpp"

namespace app {

class TestOrg {
 public:
  virtual ~TestOrg() = default;
  // A linked org holds more than the case has put there, and what it refuses is said of it and not of the file.
  virtual bool is_linked() const = 0;
  // Another case begins: a local org is as new.
  virtual void start_over() = 0;
  // Makes a record that is there before the run; its id. An error is in the org's own words.
  virtual base::awaitable<base::Result<std::string>> insert(std::string object, base::JsonText fields) = 0;
  // Before the run: what the expectation names and the org does not know.
  virtual base::Findings note_before(const ExpectedRecords& expected) = 0;
  // After it: the records that the run has made or changed, with the expected fields, in the order they were made.
  virtual base::awaitable<base::Result<std::vector<base::JsonText>>> written(ExpectedRecords expected) = 0;
  // Requests of the run, without log-ins and descriptions of objects.
  virtual std::int64_t calls() = 0;
};

// `mapping_test_record`: who says what, in one sentence.
base::Error refused_test_record(std::string_view who, std::string_view code, std::string_view message);

}  // namespace app
