// Expectations rewritten to what has happened, in the words of the file that has them.
#pragma once

#include <string>
#include <vector>

#include "app/mapping_test.hpp"
#include "app/mapping_test_runner.hpp"

namespace app {

struct UpdatedExpectations {
  std::string text;                 // of the whole file
  std::vector<std::string> told{};  // what was rewritten, or could not be; one sentence a change
};

// `text` is the file from which `test` was read and whose cases came to `result`. `expect` and `refused` of cases that
// failed are rewritten; cases that passed, and everything else, keep their bytes. Ids of the case's own records become
// references; fields that hold the id of a record which the run has made, or a create's effect key, are left out, since
// they differ every time.
UpdatedExpectations with_what_happened(std::string text, const MappingTest& test, const MappingTestResult& result);

// A record's fields as an expectation names them.
base::JsonText as_expected_record(const base::JsonText& record, const std::vector<std::string>& fields,
                                  const SeededRecords& seeded);

}  // namespace app
