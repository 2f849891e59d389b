// A number by its digits, so that what a person or an org wrote is rounded and compared without a detour over binary
// fractions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tasks {

enum class Rounding { half_up, down };  // half_up: 2.5 is 3, and -2.5 is -3, as Salesforce rounds; down: towards zero

class Decimal {
 public:
  // `-12.50`, `+7`, `1e3`; nullopt for anything else, and for what has more than 400 digits once it is written out.
  static std::optional<Decimal> read(std::string_view text);

  bool is_zero() const { return digits_.empty(); }
  int whole_digits() const;    // before the point; 0 for 0.25
  int decimal_places() const;  // behind it, as far as they are not zero
  Decimal rounded(int places, Rounding rounding) const;
  std::string text() const;  // written out: `1000`, `-0.25`

  // -1, 0 or 1.
  int compare(const Decimal& other) const;

 private:
  void trim();

  bool negative_ = false;
  std::string digits_{};  // no zeros in front or behind; empty: zero
  int point_ = 0;         // where the point stands, from the first digit: 1 for 1.25, 3 for 125, -1 for 0.012
};

}  // namespace tasks
