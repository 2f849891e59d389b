#include "connectors/survey/csv_rows.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include <csv.h>
#include <fmt/format.h>

namespace connectors::survey {

namespace {

// libcsv calls from C, through which no exception may pass.
class CsvRows {
 public:
  explicit CsvRows(const std::function<bool(std::size_t, std::vector<std::string>&&)>& take) : take_(take) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  }
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;
  ~CsvRows() { csv_free(&parser_); }

  base::Status read(std::string_view text) {
    // In pieces, so that a row that ends the reading ends it soon.
    constexpr std::size_t piece_bytes = 64 << 10;
    while (!text.empty() && goes_on_) {
      const std::string_view piece = text.substr(0, piece_bytes);
      if (csv_parse(&parser_, piece.data(), piece.size(), on_field, on_row, this) != piece.size()) return fault();
      text.remove_prefix(piece.size());
    }
    if (goes_on_ && csv_fini(&parser_, on_field, on_row, this) != 0) return fault();
    if (thrown_) std::rethrow_exception(thrown_);
    return base::Ok{};
  }

 private:
  base::Error fault() {
    if (csv_error(&parser_) == CSV_EPARSE) {
      return {csv_invalid, fmt::format("row {}: a quote stands where none may, or one is not closed", number_ + 1)};
    }
    return {csv_invalid, fmt::format("row {}: {}", number_ + 1, csv_strerror(csv_error(&parser_)))};
  }

  template <class Step>
  void guarded(Step step) {
    if (!goes_on_) return;
    try {
      step();
    } catch (...) {
      thrown_ = std::current_exception();
      goes_on_ = false;
    }
  }

  static void on_field(void* text, std::size_t bytes, void* self) {
    CsvRows& rows = *static_cast<CsvRows*>(self);
    rows.guarded([&] { rows.fields_.emplace_back(static_cast<const char*>(text), bytes); });
  }

  static void on_row(int, void* self) {
    CsvRows& rows = *static_cast<CsvRows*>(self);
    rows.guarded([&] { rows.goes_on_ = rows.take_(++rows.number_, std::exchange(rows.fields_, {})); });
  }

  const std::function<bool(std::size_t, std::vector<std::string>&&)>& take_;
  csv_parser parser_{};
  std::vector<std::string> fields_;
  std::size_t number_ = 0;
  bool goes_on_ = true;
  std::exception_ptr thrown_;
};

}  // namespace

base::Status read_csv_rows(std::string_view text,
                           const std::function<bool(std::size_t number, std::vector<std::string>&& fields)>& take) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return CsvRows(take).read(text);
}

}  // namespace connectors::survey
