// One owner at a time.
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdio>

#include <sys/stat.h>
#include <unistd.h>

#include "base/data_directory.hpp"
#include "tests/base/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

using base::DataDirectory;
using test::ChildProcess;
using test::TemporaryDirectory;

TEST_CASE("child owns a data directory until it is killed", "[.child]") {
  auto owned = DataDirectory::own(std::getenv("CHILD_DIRECTORY"), "sluice serve");
  if (owned) std::printf("locked %d\n", getpid());
  std::fflush(stdout);
  for (;;) pause();
}

TEST_CASE("a data directory is made for its owner alone") {
  TemporaryDirectory parent;
  std::string path = parent.file("new/data");

  auto owned = DataDirectory::own(path, "sluice serve");

  REQUIRE(owned);
  CHECK(owned->path() == path);
  CHECK(owned->file("sluice.db") == path + "/sluice.db");
  struct stat folder{};
  REQUIRE(stat(path.c_str(), &folder) == 0);
  CHECK((folder.st_mode & 0777) == 0700);
}

TEST_CASE("a second owner is refused by the name of the first") {
  TemporaryDirectory directory;
  auto first = DataDirectory::own(directory.path(), "sluice serve");
  REQUIRE(first);

  auto second = DataDirectory::own(directory.path(), "sluice run");

  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::data_directory_owned);
  CHECK_THAT(second.error().message, Catch::Contains("sluice serve (process " + std::to_string(getpid()) + ")"));
}

TEST_CASE("an owner that goes leaves the directory free") {
  TemporaryDirectory directory;
  {
    auto first = DataDirectory::own(directory.path(), "sluice serve, the first");
    REQUIRE(first);
    DataDirectory moved = std::move(*first);
    CHECK(DataDirectory::owner_of(directory.path()));
  }

  CHECK_FALSE(DataDirectory::owner_of(directory.path()));
  auto second = DataDirectory::own(directory.path(), "sluice run");
  REQUIRE(second);
  CHECK_THAT(*DataDirectory::owner_of(directory.path()), Catch::StartsWith("sluice run (process "));
}

TEST_CASE("an owner in another process is named, and its death frees the directory") {
  TemporaryDirectory directory;
  ChildProcess child("child owns a data directory until it is killed", {{"CHILD_DIRECTORY", directory.path()}});
  int process = 0;
  for (std::string line = "?"; process == 0 && !line.empty();) {
    line = child.read_line();
    std::sscanf(line.c_str(), "locked %d", &process);
  }
  REQUIRE(process != 0);
  std::string expected = "sluice serve (process " + std::to_string(process) + ")";

  CHECK(DataDirectory::owner_of(directory.path()) == expected);
  auto refused = DataDirectory::own(directory.path(), "sluice run");
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Catch::Contains(expected));

  child.kill();
  CHECK(child.wait_for_signal() == SIGKILL);
  CHECK(DataDirectory::own(directory.path(), "sluice run"));
}

TEST_CASE("a directory that was never owned, or is not there, has no owner") {
  TemporaryDirectory directory;

  CHECK_FALSE(DataDirectory::owner_of(directory.path()));
  CHECK_FALSE(DataDirectory::owner_of(directory.file("missing")));
}

TEST_CASE("a path that cannot be a data directory is an error") {
  TemporaryDirectory directory;
  std::fclose(std::fopen(directory.file("file").c_str(), "w"));

  auto owned = DataDirectory::own(directory.file("file"), "sluice serve");

  REQUIRE_FALSE(owned);
  CHECK(owned.error().code == base::data_directory_unusable);
  CHECK_THAT(owned.error().message, Catch::Contains(directory.file("file")));
}
