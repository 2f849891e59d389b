// The program: hands its arguments to the command line.
#include "app/cli/command_line.hpp"

int main(int argc, char** argv) { return app::cli::run(argc, argv); }
