#include "base/json_document.hpp"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_syntax.hpp"
#include "base/json_tree.hpp"

namespace base {
namespace {

// JSON Pointer -> offset. A member stands where its key does, an element where its value does.
using PointerPlaces = std::unordered_map<std::string, std::optional<std::size_t>>;

constexpr std::size_t duplicates_max = 100;  // more of them help nobody

// Builds the tree and knows, at each value, its pointer.
class DocumentSink final : public PlacedJsonSink {
 public:
  struct DuplicateKey {
    std::string pointer;
    std::string name;
    std::size_t offset;
  };

  explicit DocumentSink(PointerPlaces* wanted = nullptr) : wanted_(wanted) {}

  void starts_at(std::size_t offset) override { token_ = offset; }

  bool null() override { return enter_value(), tree_.null(); }
  bool boolean(bool yes) override { return enter_value(), tree_.boolean(yes); }
  bool number(std::string_view text, double value) override { return enter_value(), tree_.number(text, value); }
  bool string(std::string&& text) override { return enter_value(), tree_.string(std::move(text)); }
  bool start_object() override {
    enter_value();
    open_.push_back({pointer_.size(), false});
    return tree_.start_object();
  }
  bool start_array() override {
    enter_value();
    open_.push_back({pointer_.size(), true});
    return tree_.start_array();
  }
  bool end_object() override { return open_.pop_back(), tree_.end_object(); }
  bool end_array() override { return open_.pop_back(), tree_.end_array(); }

  bool key(std::string&& name) override {
    pointer_.resize(open_.back().pointer_size);
    pointer_ += pointer_token(name);
    value_at_ = token_;
    if (duplicates_.size() < duplicates_max && tree_.has(name)) duplicates_.push_back({pointer_, name, token_});
    return tree_.key(std::move(name));
  }

  const std::vector<DuplicateKey>& duplicates() const { return duplicates_; }
  nlohmann::json take() { return tree_.take(); }

 private:
  struct Open {
    std::size_t pointer_size;
    bool array;
    std::size_t next_index = 0;
  };

  void enter_value() {
    if (open_.empty()) {
      value_at_ = token_;
    } else if (open_.back().array) {
      pointer_.resize(open_.back().pointer_size);
      pointer_ += '/' + std::to_string(open_.back().next_index++);
      value_at_ = token_;
    }
    if (!wanted_) return;
    if (const auto place = wanted_->find(pointer_); place != wanted_->end()) place->second = value_at_;
  }

  JsonTree tree_;
  PointerPlaces* wanted_;
  std::size_t token_ = 0;
  std::size_t value_at_ = 0;
  std::string pointer_;
  std::vector<Open> open_;
  std::vector<DuplicateKey> duplicates_;
};

std::string parent_pointer(const std::string& pointer) {
  const std::size_t slash = pointer.rfind('/');
  return slash == pointer.npos ? std::string() : pointer.substr(0, slash);
}

struct FileText {
  std::string text;
  std::string code{};  // empty when the text is there
  std::string message{};
};

FileText read_file_text(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return {{}, "file_missing", fmt::format("there is no file '{}'", path)};
  if (std::filesystem::is_directory(status)) {
    return {{}, "file_unreadable", fmt::format("'{}' is a directory, not a file", path)};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{}, "file_unreadable", fmt::format("'{}' cannot be opened: {}", path, std::strerror(errno))};

  // What is no regular file (a pipe) has no size beforehand, so nothing is trusted but what has been read.
  const std::uintmax_t size = std::filesystem::is_regular_file(status) ? std::filesystem::file_size(path, error) : 0;
  std::string text;
  char block[16384];
  while (!error && size <= bytes_max && text.size() <= bytes_max && file) {
    file.read(block, sizeof block);
    text.append(block, static_cast<std::size_t>(file.gcount()));
  }
  if (error || file.bad()) return {{}, "file_unreadable", fmt::format("'{}' cannot be read", path)};
  if (size > bytes_max || text.size() > bytes_max) {
    return {{}, std::string(json_too_large.name), fmt::format("'{}' has more than {} bytes", path, bytes_max)};
  }
  return {std::move(text)};
}

}  // namespace

struct JsonDocument::Impl {
  std::string text;
  std::string file;
  JsonLimits limits;
  std::optional<nlohmann::json> root{};
  Findings findings{};

  void add(std::string code, std::string pointer, std::string message, std::size_t offset) {
    const JsonPlace place = place_of(text, offset);
    Finding finding{.code = std::move(code), .pointer = std::move(pointer), .message = std::move(message)};
    finding.line = place.line;
    finding.column = place.column;
    finding.file = file;
    findings.push_back(std::move(finding));
  }

  void read() {
    DocumentSink sink;
    const std::optional<JsonFault> fault = read_placed_json(text, sink, limits);
    for (const DocumentSink::DuplicateKey& key : sink.duplicates()) {
      add("json_duplicate_key", key.pointer, duplicate_key_sentence(key.name), key.offset);
    }
    if (fault) add(std::string(fault->code.name), "", fault->message, fault->offset);
    if (findings.empty()) root = sink.take();
  }
};

JsonDocument JsonDocument::read(std::string_view text, std::string file, const JsonLimits& limits) {
  auto impl = std::make_unique<Impl>(Impl{.text = std::string(text), .file = std::move(file), .limits = limits});
  impl->read();
  return JsonDocument(std::move(impl));
}

JsonDocument JsonDocument::read_file(const std::string& path, const JsonLimits& limits) {
  FileText file = read_file_text(path, limits.bytes);
  auto impl = std::make_unique<Impl>(Impl{.text = std::move(file.text), .file = path, .limits = limits});
  if (file.code.empty()) {
    impl->read();
  } else {
    Finding finding{.code = std::move(file.code), .pointer = "", .message = std::move(file.message)};
    finding.file = path;
    impl->findings.push_back(std::move(finding));
  }
  return JsonDocument(std::move(impl));
}

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

bool JsonDocument::readable() const { return impl_->root.has_value(); }

const Findings& JsonDocument::findings() const { return impl_->findings; }

const nlohmann::json& JsonDocument::root() const {
  assert(readable());
  return *impl_->root;
}

const std::string& JsonDocument::file() const { return impl_->file; }

// Most documents have no finding, so places are not kept: the text is read once more for those that are asked for.
void JsonDocument::locate(Findings& findings) const {
  if (!readable() || findings.empty()) return;
  PointerPlaces places;
  for (const Finding& finding : findings) {
    for (std::string pointer = finding.pointer; places.try_emplace(pointer).second && !pointer.empty();) {
      pointer = parent_pointer(pointer);
    }
  }
  DocumentSink sink(&places);
  (void)read_placed_json(impl_->text, sink, impl_->limits);  // it was readable before

  for (Finding& finding : findings) {
    std::string pointer = finding.pointer;
    while (!places[pointer] && !pointer.empty()) pointer = parent_pointer(pointer);
    const JsonPlace place = place_of(impl_->text, places[pointer].value_or(0));
    finding.file = impl_->file;
    finding.line = place.line;
    finding.column = place.column;
  }
}

}  // namespace base
