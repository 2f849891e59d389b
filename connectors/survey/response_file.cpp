#include "connectors/survey/response_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "connectors/survey/response_csv.hpp"

namespace connectors::survey {

namespace {

constexpr std::string_view white = " \t\r\n";

// Of a file that somebody chose to read, the size is no attack; what a response may be, read_response says.
base::JsonLimits file_limits(std::string_view text) { return {.depth = 64, .bytes = text.size() + 1}; }

// Where each element of `{"responses": […]}`, or of a bare list, begins and ends.
class ResponseList final : public base::PlacedJsonSink {
 public:
  void starts_at(std::size_t offset) override { offset_ = offset; }
  bool null() override { return take_other(); }
  bool boolean(bool) override { return take_other(); }
  bool number(std::string_view, double) override { return take_other(); }
  bool string(std::string&&) override { return take_other(); }
  bool key(std::string&& name) override {
    if (depth_ == 1) key_ = std::move(name);
    return true;
  }
  bool start_object() override {
    if (depth_ == list_depth_) begin_ = offset_;
    ++depth_;
    return true;
  }
  bool end_object() override {
    if (--depth_ == list_depth_) spans.emplace_back(begin_, offset_ + 1 - begin_);
    return true;
  }
  bool start_array() override {
    if (depth_ == list_depth_) take_other();
    if (list_depth_ < 0 && (depth_ == 0 || (depth_ == 1 && key_ == "responses"))) list_depth_ = depth_ + 1;
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    if (depth_ < list_depth_) list_depth_ = ended;
    return true;
  }

  bool is_list() const { return list_depth_ != -1; }
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // offset and length

 private:
  static constexpr int ended = 1 << 20;

  // An element that is no object: its error comes from reading it as a response.
  bool take_other() {
    if (depth_ == list_depth_) spans.emplace_back(offset_, 1);
    return true;
  }

  std::string key_;
  std::size_t offset_ = 0;
  std::size_t begin_ = 0;
  int depth_ = 0;
  int list_depth_ = -1;
};

// Lines of a text, counted as far as they have been asked for.
class LineCount {
 public:
  explicit LineCount(std::string_view text) : text_(text) {}
  std::size_t at(std::size_t offset) {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
};

base::Status read_json_file(std::string_view text, const std::function<bool(FileResponse&&)>& take) {
  ResponseList list;
  if (auto fault = base::read_placed_json(text, list, file_limits(text))) {
    const base::JsonPlace at = base::place_of(text, fault->offset);
    return base::Error{fault->code, fmt::format("line {}, column {}: {}", at.line, at.column, fault->message)};
  }
  if (!list.is_list()) {
    take({"", read_response(text)});
    return base::Ok{};
  }
  LineCount lines(text);
  for (const auto& [begin, length] : list.spans) {
    const std::string place = fmt::format("line {}", lines.at(begin));
    if (!take({place, read_response(text.substr(begin, length))})) break;
  }
  return base::Ok{};
}

base::Status read_lines(std::string_view text, const std::function<bool(FileResponse&&)>& take) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(white) == std::string_view::npos) continue;
    if (!take({fmt::format("line {}", number), read_response(line)})) break;
  }
  return base::Ok{};
}

// Whether the first line is a document of its own, and another one follows.
bool is_one_a_line(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white);
  const std::size_t end = text.find('\n', begin);
  if (end == std::string_view::npos || text.find_first_not_of(white, end) == std::string_view::npos) return false;
  const std::string_view first = text.substr(begin, end - begin);
  ResponseList whole;
  return !base::read_placed_json(first, whole, file_limits(first));
}

}  // namespace

base::Status read_responses(std::string_view text, const ResponseFileOptions& options,
                            const std::function<bool(FileResponse&&)>& take) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::size_t begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return base::Error{response_invalid, "the file is empty"};
  if (text[begin] != '{' && text[begin] != '[') return read_csv_responses(text, options, take);
  return is_one_a_line(text) ? read_lines(text, take) : read_json_file(text, take);
}

}  // namespace connectors::survey
