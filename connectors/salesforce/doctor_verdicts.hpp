// How a requirement's check is told: passed, failed with its way out, or unknown with who could tell. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "connectors/salesforce/doctor.hpp"

namespace connectors::salesforce {

// A failed or unknown check's way out.
struct WayOut {
  std::string fix;
  std::string setup_path;
};

// Of a check of the whole account, by its name.
WayOut way_out_of(std::string_view check);

Check passed(std::string check, std::string message);
Check not_asked_for(std::string check, std::string message);
Check failed(std::string check, std::string message, WayOut out);
Check untold(std::string check, std::string message, WayOut out);

// Who can look where an ordinary user may not.
inline constexpr std::string_view profile_admin = "an admin with 'View Setup and Configuration'";
inline constexpr std::string_view app_admin = "an admin with 'Customize Application'";

// The parts of one check that covers several things: a fault makes it fail, else something unknown makes it
// cannot_tell, and only what is left passes.
class Tally {
 public:
  void good(std::string what) { good_.push_back(std::move(what)); }
  void bad(std::string what) { bad_.push_back(std::move(what)); }
  void unknown(std::string what) { unknown_.push_back(std::move(what)); }
  bool empty() const { return good_.empty() && bad_.empty() && unknown_.empty(); }

  // `nothing`: the message where there was nothing to look at.
  Check to_check(std::string check, std::string fix, std::string setup_path, std::string nothing) const;

 private:
  std::vector<std::string> good_;
  std::vector<std::string> bad_;
  std::vector<std::string> unknown_;
};

// Why a fact is missing, for a person: no right to look, or Salesforce's own words.
std::string why_unknown(const std::optional<base::Error>& refusal, std::string_view who_can);

}  // namespace connectors::salesforce
