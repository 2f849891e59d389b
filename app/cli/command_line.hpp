// The program's verbs and what is common to them. Exit codes: 0 fine, 1 failed, 2 plan found changes, 64 usage,
// 65 bad input, 69 unavailable, 75 try again, 77 not allowed, 78 configuration.
#pragma once

namespace app::cli {

int run(int argc, char** argv);

}  // namespace app::cli
