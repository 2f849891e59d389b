// `--account ALIAS=FILE`: which file describes the account that tasks name so.
#pragma once

#include <string>

namespace app {

struct AccountFile {
  std::string alias;
  std::string path;
};

}  // namespace app
