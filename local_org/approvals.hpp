// A user's approvals of the app: each one's live refresh token, and those that rotation has ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "local_org/record_store.hpp"

namespace local_org {

struct Approval {
  std::string id;  // stays the same over rotations
  std::string user_id;
  std::string client_id;
  std::string scope;
  std::string refresh_token;
  std::int64_t generation = 1;  // of the refresh token
  base::TimePoint created_at{};
  base::TimePoint used_at{};
  std::int64_t uses = 0;
  std::vector<std::string> ended_tokens{};  // the newest 1,000, oldest first
};

class Approvals {
 public:
  explicit Approvals(RecordStore& store);

  bool were_ever_kept() const { return were_kept_; }
  const std::vector<Approval>& all() const { return approvals_; }

  // At most five of a user and app live. Returns the id of the one that the new one ends, or "".
  std::string add(Approval approval);
  // By its live refresh token; null when it is dead.
  const Approval* find(std::string_view refresh_token) const;
  // By a refresh token that rotation has ended.
  const Approval* find_ended(std::string_view refresh_token) const;
  const Approval* find_by_id(std::string_view id) const;
  bool is_approved(std::string_view user_id, std::string_view client_id) const;

  // Counts a refresh; with a new token the old one is ended.
  void use(std::string_view id, base::TimePoint now, const std::string& new_token);
  void end(std::string_view id);

 private:
  void load();
  void save();

  RecordStore& store_;
  bool were_kept_ = false;
  std::vector<Approval> approvals_;  // oldest first
};

}  // namespace local_org
