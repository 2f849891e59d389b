// A folder that one process at a time owns, guarded by a lock that ends with the process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

inline constexpr ErrorCode data_directory_owned{"data_directory_owned", Kind::blocked};
inline constexpr ErrorCode data_directory_unusable{"data_directory_unusable", Kind::blocked};

class DataDirectory {
 public:
  // Makes the folder when it is missing, readable by its user alone, and owns it for `program` until the value goes. An
  // owner that is there already is named in the error.
  static Result<DataDirectory> own(const std::string& path, std::string_view program);

  // Who owns the folder now, e.g. "sluice serve (process 4711)"; nothing when nobody does. Never in the way of an
  // owner.
  static std::optional<std::string> owner_of(const std::string& path);

  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&& other) noexcept;
  ~DataDirectory();

  const std::string& path() const { return path_; }
  // Where a file of that name stands in the folder.
  std::string file(std::string_view name) const;

 private:
  DataDirectory(std::string path, int lock_file) : path_(std::move(path)), lock_file_(lock_file) {}

  std::string path_;
  int lock_file_ = -1;
};

}  // namespace base
