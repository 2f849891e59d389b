#include "app/test_journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/errors.hpp"
#include "base/json_writer.hpp"

namespace app {
namespace {

base::Error unusable_journal(const std::string& path, std::string_view what) {
  return {mapping_test_journal_unusable, fmt::format("the journal {}: {}", path, what)};
}

std::string in_words(int error_number) { return std::generic_category().message(error_number); }

// A new name in a folder is on the disk only when the folder is.
void sync_journal_folder(const std::filesystem::path& path) {
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

std::string text_of_file(int file) {
  std::string text;
  std::array<char, 8192> block{};
  for (ssize_t size = 0; (size = ::read(file, block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(size));
  return text;
}

std::string line_of(const RecordMaking& making) {
  base::JsonWriter json;
  json.begin_object();
  json.field("making", making.number);
  json.field("at", base::to_iso8601(making.at));
  json.field("org_id", making.org_id);
  json.field("user_id", making.user_id);
  json.field("object", making.object);
  json.field("values", making.values);
  json.end_object();
  return json.take();
}

RecordMaking read_making(const nlohmann::json& line) {
  const base::Result<base::TimePoint> at = base::from_iso8601(line.at("at").get<std::string>());
  if (!at) throw std::invalid_argument("no point in time");
  return {.number = line.at("making"),
          .at = *at,
          .org_id = line.at("org_id"),
          .user_id = line.at("user_id"),
          .object = line.at("object"),
          .values = {line.at("values").dump()}};
}

}  // namespace

base::Result<TestJournal> TestJournal::open(const std::string& path) {
  const std::filesystem::path place = std::filesystem::absolute(path);
  std::error_code failed;
  std::filesystem::create_directories(place.parent_path(), failed);
  if (failed) return unusable_journal(path, failed.message());
  const int file = ::open(place.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return unusable_journal(path, in_words(errno));
  TestJournal journal(place.string(), file);
  // The records that are noted in it are in use by whoever holds it.
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(std::exchange(journal.file_, -1));
    return unusable_journal(path, "another run of the tests holds it");
  }
  sync_journal_folder(place);
  if (base::Status readable = journal.read(); !readable) return readable.error();
  return journal;
}

TestJournal::TestJournal(TestJournal&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      last_number_(other.last_number_),
      unfinished_(std::move(other.unfinished_)) {}

TestJournal::~TestJournal() {
  // The file stays, empty: removing it would let two programs lock two files of the same name.
  if (file_ >= 0) ::close(file_);
}

base::Status TestJournal::read() {
  std::string text = text_of_file(file_);
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole != text.size()) {
    text.resize(whole);
    if (::ftruncate(file_, static_cast<off_t>(whole)) != 0) return unusable_journal(path_, in_words(errno));
  }
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = text.find('\n', at);
    if (!take(text.substr(at, end - at)))
      return unusable_journal(path_, fmt::format("line {} is none of a journal", number));
    at = end + 1;
  }
  if (unfinished_.empty() && !text.empty() && ::ftruncate(file_, 0) != 0)
    return unusable_journal(path_, in_words(errno));
  if (::lseek(file_, 0, SEEK_END) < 0) return unusable_journal(path_, in_words(errno));
  return base::Ok{};
}

bool TestJournal::take(const std::string& line) {
  const auto with_number = [this](std::int64_t number) {
    return std::find_if(unfinished_.begin(), unfinished_.end(),
                        [number](const RecordMaking& making) { return making.number == number; });
  };
  try {
    const nlohmann::json read = nlohmann::json::parse(line);
    if (read.contains("making")) {
      unfinished_.push_back(read_making(read));
      last_number_ = unfinished_.back().number;
    } else if (read.contains("made")) {
      const auto making = with_number(read.at("made"));
      if (making == unfinished_.end()) return false;
      making->id = read.at("id");
    } else {
      const auto making = with_number(read.contains("gone") ? read.at("gone") : read.at("nothing"));
      if (making == unfinished_.end()) return false;
      unfinished_.erase(making);
    }
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

std::int64_t TestJournal::making(RecordMaking making) {
  making.number = ++last_number_;
  append(line_of(making), /*syncs=*/true);
  unfinished_.push_back(std::move(making));
  return last_number_;
}

void TestJournal::made(std::int64_t number, const std::string& id) {
  base::JsonWriter json;
  json.begin_object();
  json.field("made", number);
  json.field("id", id);
  json.end_object();
  append(json.text(), /*syncs=*/true);
  for (RecordMaking& making : unfinished_)
    if (making.number == number) making.id = id;
}

void TestJournal::nothing_made(std::int64_t number) { finish(number, "nothing"); }

void TestJournal::gone(std::int64_t number) { finish(number, "gone"); }

// A lost end costs a look at a record that is not there, so nobody waits for the disk.
void TestJournal::finish(std::int64_t number, const char* what) {
  std::erase_if(unfinished_, [number](const RecordMaking& making) { return making.number == number; });
  if (!unfinished_.empty()) return append(fmt::format("{{\"{}\":{}}}", what, number), /*syncs=*/false);
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)
    throw std::runtime_error(unusable_journal(path_, in_words(errno)).message);
}

void TestJournal::append(const std::string& line, bool syncs) {
  const std::string whole = line + "\n";
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0) throw std::runtime_error(unusable_journal(path_, in_words(errno)).message);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (syncs && ::fsync(file_) != 0) throw std::runtime_error(unusable_journal(path_, in_words(errno)).message);
}

}  // namespace app
