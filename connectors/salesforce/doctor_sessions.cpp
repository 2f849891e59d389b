#include "connectors/salesforce/doctor_sessions.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/doctor_app.hpp"
#include "connectors/salesforce/doctor_verdicts.hpp"

namespace connectors::salesforce {

namespace {

std::string ranges_in_words(const std::vector<LoginRange>& ranges) {
  std::vector<std::string> words;
  for (const LoginRange& range : ranges) words.push_back(base::to_string(range.range));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string profile_in_words(const OrgFacts& facts) {
  return facts.user && !facts.user->profile_name.empty() ? fmt::format("the profile '{}'", facts.user->profile_name)
                                                         : "the user's profile";
}

// All that the operator has named was seen to work, which takes single addresses.
bool all_proven(const base::IpRanges& egress, const std::vector<std::string>& addresses) {
  return !egress.empty() && std::all_of(egress.begin(), egress.end(), [&](const base::IpRange& range) {
    return range.first == range.last &&
           std::find(addresses.begin(), addresses.end(), base::to_string(range.first)) != addresses.end();
  });
}

Check judge_login_ip_by_signs(const Patient& patient, const OrgFacts& facts) {
  const std::string unreadable =
      why_unknown(facts.login_ranges.asked ? facts.login_ranges.refusal : facts.user.refusal, profile_admin);
  if (!facts.login_addresses || facts.login_addresses->empty())
    return untold("login_ip",
                  "the login worked; whether it works from every address of this server is open: " + unreadable,
                  way_out_of("login_ip"));
  const std::string& address = facts.login_addresses->front();
  if (all_proven(patient.egress, *facts.login_addresses))
    return passed("login_ip", fmt::format("logins from every outgoing address worked, the last one from {}", address));
  return untold("login_ip",
                fmt::format("a login worked from {}; other outgoing addresses are not proven: {}", address, unreadable),
                way_out_of("login_ip"));
}

}  // namespace

Check judge_login_ip(const Patient& patient, const OrgFacts& facts) {
  if (!facts.login_ranges) return judge_login_ip_by_signs(patient, facts);
  const std::string profile = profile_in_words(facts);
  if (facts.login_ranges->empty()) return passed("login_ip", profile + " has no login IP ranges");
  const KnownPolicy app = known_policy(facts);
  if (app.policy && app.policy->relaxes_login_ranges)
    return passed("login_ip", "the app relaxes IP restrictions, so the login IP ranges do not bind it");
  const std::string ranges = ranges_in_words(*facts.login_ranges);
  if (patient.egress.empty())
    return untold(
        "login_ip",
        fmt::format("{} allows logins from {}; this server was not told its own outgoing addresses", profile, ranges),
        {"Start the server with --egress and its outgoing addresses; compare them with the ranges.",
         way_out_of("login_ip").setup_path});
  base::IpRanges allowed;
  for (const LoginRange& range : *facts.login_ranges) allowed.push_back(range.range);
  std::vector<std::string> missing;
  for (const base::IpRange& range : patient.egress) {
    if (!base::covers(allowed, range)) missing.push_back(base::to_string(range));
  }
  if (missing.empty()) return passed("login_ip", fmt::format("{} allows this server: {}", profile, ranges));
  return failed("login_ip",
                fmt::format("{} allows logins from {} only, without {}", profile, ranges, fmt::join(missing, ", ")),
                way_out_of("login_ip"));
}

Check judge_every_request(const Patient&, const OrgFacts& facts) {
  const std::string name = "login_ip_enforced_every_request";
  if (!facts.session_settings)
    return untold(
        name,
        why_unknown(facts.session_settings.refusal, "an admin with 'Modify Metadata Through Metadata API Functions'"),
        way_out_of(name));
  if (!facts.session_settings->enforce_login_ranges)
    return passed(name, "login IP ranges bind at login, not on every request");
  if (facts.login_ranges && facts.login_ranges->empty())
    return passed(name, "it is on, but the user's profile has no login IP ranges that could bind");
  return failed(
      name,
      "login IP ranges are enforced on every request: one from another outgoing address ends in the middle of "
      "a run",
      way_out_of(name));
}

Check judge_session_locking(const Patient&, const OrgFacts& facts) {
  const std::string name = "session_locking";
  if (!facts.session_settings)
    return untold(
        name,
        why_unknown(facts.session_settings.refusal, "an admin with 'Modify Metadata Through Metadata API Functions'") +
            "; a session that dies when the address changes is the sign of it",
        way_out_of(name));
  const SessionSettings& settings = *facts.session_settings;
  const std::string all = fmt::format(
      "locked to the IP address: {}; locked to the domain: {}; login IP ranges on "
      "every request: {}",
      settings.lock_to_ip ? "yes" : "no", settings.lock_to_domain ? "yes" : "no",
      settings.enforce_login_ranges ? "yes" : "no");
  if (!settings.lock_to_ip && !settings.lock_to_domain) return passed(name, "sessions: " + all);
  return failed(name, "sessions: " + all, way_out_of(name));
}

}  // namespace connectors::salesforce
