// A run that a server has made, as a folder with a mapping test that says the same of a response without its person.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/local_schemas.hpp"
#include "base/async.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace app {

struct RunToSave {
  base::JsonText run;    // its document, with what was sent
  std::string workflow;  // the source of its version
  std::string response;  // as it arrived, or was fetched
};

struct SavedRunTest {
  std::map<std::string, std::string> files{};  // name -> text: workflow.json, response.json, tests.test.json
  std::vector<std::string> redacted{};  // whose values are stand-ins now: keys of the response, TASK/MEMBER of answers
  std::vector<std::string> notes{};     // what was kept and why, and where the test is not as the run was
};

// Tasks that found a record are stood for by what they found, in records of the case's own and with stand-ins for what
// the org holds of people; every other task runs. A value without which another thing would be written stays as it was,
// and is named. Plays the case on local orgs that have these schemas until it passes; an error says why it cannot.
base::awaitable<base::Result<SavedRunTest>> save_run_test(boost::asio::io_context& loop, base::Log& log, RunToSave run,
                                                          LocalSchemas schemas);

}  // namespace app
