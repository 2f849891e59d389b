// What mapping tests are about to make in a linked org, written down before it is made: whoever finds the file after a
// program that was killed knows what to remove.
//
//   {"making":1,"at":"2026-11-24T13:05:50.000Z","org_id":"00D…","user_id":"005…","object":"Contact","values":{…}}
//   {"made":1,"id":"003…"}    the org took it           {"nothing":1}    it made nothing of it for sure
//   {"gone":1}                it is removed, or was never made
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace app {

// One call that makes a record.
struct RecordMaking {
  std::int64_t number = 0;
  base::TimePoint at;
  std::string org_id;
  std::string user_id;
  std::string object;
  base::JsonText values;  // that are sent, as an object
  std::string id{};       // of the record; "": whether there is one is not known
};

class TestJournal {
 public:
  // Reads what is there, and makes file and folder where they are missing. Nobody else can open it meanwhile; a line
  // that was cut off by a power cut is dropped, since its call was not sent.
  static base::Result<TestJournal> open(const std::string& path);
  TestJournal(TestJournal&& other) noexcept;
  TestJournal& operator=(TestJournal&&) = delete;
  ~TestJournal();

  const std::string& path() const { return path_; }
  // What may still be there, in the order it was made.
  const std::vector<RecordMaking>& unfinished() const { return unfinished_; }

  // On the disk when it returns; the making's number. Throws where the disk takes no more, as do the others.
  std::int64_t making(RecordMaking making);
  void made(std::int64_t number, const std::string& id);
  void nothing_made(std::int64_t number);
  void gone(std::int64_t number);

 private:
  TestJournal(std::string path, int file) : path_(std::move(path)), file_(file) {}

  base::Status read();
  bool take(const std::string& line);
  void append(const std::string& line, bool syncs);
  void finish(std::int64_t number, const char* what);

  std::string path_;
  int file_ = -1;
  std::int64_t last_number_ = 0;
  std::vector<RecordMaking> unfinished_{};
};

}  // namespace app
