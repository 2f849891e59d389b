// The journal of mapping tests on a linked org: what it still knows after a power cut.
#include <chrono>

#include <catch2/catch.hpp>

#include "app/test_journal.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

using app::RecordMaking;
using app::TestJournal;

namespace {

const base::TimePoint noon = base::from_millis(1'796'558'400'000);

RecordMaking a_contact(const std::string& name) {
  return {.at = noon,
          .org_id = "00D000000000001AAA",
          .user_id = "005000000000001AAA",
          .object = "Contact",
          .values = {R"({"LastName":")" + name + "\"}"}};
}

struct JournalFolder {
  test::TemporaryDirectory directory;
  std::string path = directory.file("below/journal.ndjson");

  TestJournal open() const {
    base::Result<TestJournal> journal = TestJournal::open(path);
    REQUIRE(journal);
    return *std::move(journal);
  }
  std::string text() const { return test::read_file(path); }
};

}  // namespace

TEST_CASE("what was about to be made is known after a kill, with its id once that was told") {
  const JournalFolder folder;
  {
    TestJournal journal = folder.open();
    const std::int64_t first = journal.making(a_contact("Reyes"));
    journal.making(a_contact("Okafor"));
    journal.made(first, "003000000000001AAA");
  }

  const TestJournal next = folder.open();

  REQUIRE(next.unfinished().size() == 2);
  CHECK(next.unfinished()[0].id == "003000000000001AAA");
  CHECK(next.unfinished()[1].id.empty());
  CHECK(next.unfinished()[1].at == noon);
  CHECK(next.unfinished()[1].values.text == R"({"LastName":"Okafor"})");
}

TEST_CASE("a journal is empty once all that it knew is gone or was never made") {
  const JournalFolder folder;
  TestJournal journal = folder.open();
  const std::int64_t first = journal.making(a_contact("Reyes"));
  const std::int64_t second = journal.making(a_contact("Okafor"));

  journal.nothing_made(second);
  CHECK(journal.unfinished().size() == 1);
  journal.gone(first);

  CHECK(journal.unfinished().empty());
  CHECK(folder.text().empty());
  journal.making(a_contact("Again"));
  CHECK(folder.text().starts_with(R"({"making":)"));
}

TEST_CASE("a line that a power cut has cut off is dropped: its call was not sent") {
  const JournalFolder folder;
  folder.open().making(a_contact("Reyes"));
  test::write_file(folder.path, folder.text() + R"({"making":2,"at":"2026-)");

  TestJournal journal = folder.open();

  CHECK(journal.unfinished().size() == 1);
  CHECK(journal.making(a_contact("Okafor")) == 2);
  CHECK(folder.text().find("2026-{") == std::string::npos);
}

TEST_CASE("a line that is none of a journal is named, and nothing is overwritten") {
  const JournalFolder folder;
  folder.open().making(a_contact("Reyes"));
  const std::string text = folder.text() + "{\"gone\":7}\n";
  test::write_file(folder.path, text);

  const base::Result<TestJournal> journal = TestJournal::open(folder.path);

  REQUIRE_FALSE(journal);
  CHECK(journal.error().code.name == "mapping_test_journal_unusable");
  CHECK(journal.error().message.ends_with("line 2 is none of a journal"));
  CHECK(folder.text() == text);
}

TEST_CASE("two runs do not share a journal") {
  const JournalFolder folder;
  const TestJournal first = folder.open();

  const base::Result<TestJournal> second = TestJournal::open(folder.path);

  REQUIRE_FALSE(second);
  CHECK(second.error().message.ends_with("another run of the tests holds it"));
}
