// The program's words: finds the verb, reads what it takes, and runs it.
#pragma once

namespace app::cli {

// Gives the exit code (see verb.hpp).
int run(int argc, char** argv);

}  // namespace app::cli
