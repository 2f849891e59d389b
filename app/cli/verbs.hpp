// The program's verbs: what each takes, and the function that does it. One file per verb; command_line.cpp reads the
// arguments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/account_argument.hpp"

namespace app::cli {

enum Exit : int {
  fine = 0,
  failed = 1,
  changes_planned = 2,
  usage = 64,
  bad_input = 65,
  unavailable = 69,
  try_again = 75,
  not_allowed = 77,
  bad_configuration = 78
};

struct ServeArguments {
  std::string workflows;
  std::vector<AccountFile> accounts{};
  std::string data = ".sluice";
  std::uint16_t port = 8080;
  std::string address = "127.0.0.1";
  std::string survey_platform{};
  std::string api_version = "60.0";
  int runs_in_flight = 512;
  bool json = false;
  bool verbose = false;
};
int serve(const ServeArguments& arguments);

struct OrgServeArguments {
  std::string environment = "production";
  std::string org_id{}, client_id{}, client_secret{}, username{}, password{}, access_token{};  // what is given is fixed
  std::string file = ":memory:";
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate{};
  std::string key{};
  bool rotate_refresh_tokens = false;
  bool json = false;
};
int org_serve(const OrgServeArguments& arguments);

struct DemoArguments {
  std::string directory{};  // empty: a temporary one
  bool json = false;
};
int demo(const DemoArguments& arguments);

struct NewArguments {
  std::string name;  // of the folder
};
int new_folder(const NewArguments& arguments);

struct ValidateArguments {
  std::vector<std::string> files{};
  bool json = false;
};
int validate(const ValidateArguments& arguments);

struct TestArguments {
  std::string directory;
  bool json = false;
};
int test(const TestArguments& arguments);

struct RunArguments {
  std::string workflow;
  std::string response;
  std::vector<AccountFile> accounts{};
  std::string data = ".sluice";
  std::string api_version = "60.0";
  bool json = false;
};
int run(const RunArguments& arguments);

// Where runs are read from: a server, or a data directory that nobody owns.
struct ServerArguments {
  std::string server{};  // URL; empty: the data directory says
  std::string token{};
  std::string data = ".sluice";
};

struct RunsListArguments {
  ServerArguments at{};
  bool not_started = false;
  std::string state{};
  int limit = 50;
  bool json = false;
};
int runs_list(const RunsListArguments& arguments);

struct RunsShowArguments {
  ServerArguments at{};
  std::string run;
  bool json = false;
};
int runs_show(const RunsShowArguments& arguments);

struct GraphArguments {
  std::string workflow;
  std::string format = "mermaid";  // mermaid, dot, svg
  std::string output{};            // file; empty: stdout
};
int graph(const GraphArguments& arguments);

struct SchemaArguments {
  std::string name{};  // empty: the list
};
int schema(const SchemaArguments& arguments);

struct ExplainArguments {
  std::string code{};  // empty: the list
};
int explain(const ExplainArguments& arguments);

}  // namespace app::cli
