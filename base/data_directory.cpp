// The lock file of a data directory: locked by its owner, holding the owner's name.
#include "base/data_directory.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace base {

namespace {

std::string lock_path(const std::string& directory) { return (std::filesystem::path(directory) / "lock").string(); }

Error unusable_directory(const std::string& path, std::string_view what) {
  return Error{data_directory_unusable, fmt::format("the data directory '{}' cannot be used: {}: {}", path, what,
                                                    std::generic_category().message(errno))};
}

// A lock of the open file, not of the process: it holds against a second owner in the same process too, and, unlike
// flock(), can be asked about without being taken.
struct flock whole_file_lock() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool is_locked(int lock_file) {
  struct flock lock = whole_file_lock();
  return fcntl(lock_file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::string read_owner(int lock_file) {
  std::array<char, 512> text{};
  ssize_t size = pread(lock_file, text.data(), text.size(), 0);
  // An owner that has locked and not yet written.
  if (size <= 0) return "another process";
  return std::string(text.data(), static_cast<std::size_t>(size));
}

bool write_owner(int lock_file, std::string_view program) {
  std::string owner = fmt::format("{} (process {})", program, getpid());
  return ftruncate(lock_file, 0) == 0 &&
         pwrite(lock_file, owner.data(), owner.size(), 0) == static_cast<ssize_t>(owner.size());
}

}  // namespace

Result<DataDirectory> DataDirectory::own(const std::string& path, std::string_view program) {
  std::error_code failed;
  bool is_new = std::filesystem::create_directories(path, failed);
  if (failed) {
    errno = failed.value();
    return unusable_directory(path, "making it");
  }
  if (is_new && chmod(path.c_str(), S_IRWXU) != 0) return unusable_directory(path, "closing it to others");

  int lock_file = open(lock_path(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock_file < 0) return unusable_directory(path, "its file 'lock'");
  DataDirectory directory(path, lock_file);
  struct flock lock = whole_file_lock();
  if (fcntl(lock_file, F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return unusable_directory(path, "locking it");
    return Error{data_directory_owned,
                 fmt::format("the data directory '{}' is in use by {}", path, read_owner(lock_file))};
  }
  if (!write_owner(lock_file, program)) return unusable_directory(path, "writing its file 'lock'");
  return directory;
}

std::optional<std::string> DataDirectory::owner_of(const std::string& path) {
  int lock_file = open(lock_path(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock_file < 0) return std::nullopt;
  DataDirectory asked(path, lock_file);
  if (!is_locked(lock_file)) return std::nullopt;
  return read_owner(lock_file);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_file_(std::exchange(other.lock_file_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_file_, other.lock_file_);
  return *this;
}

// The file stays: removing it would let two owners lock two files of the same name.
DataDirectory::~DataDirectory() {
  if (lock_file_ >= 0) close(lock_file_);
}

std::string DataDirectory::file(std::string_view name) const { return (std::filesystem::path(path_) / name).string(); }

}  // namespace base
