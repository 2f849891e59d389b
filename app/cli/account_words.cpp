#include "app/cli/account_words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/run_words.hpp"
#include "app/cli/table.hpp"

namespace app::cli {

Ink ink_of_account(const Tree& account) {
  const std::string state = text_in(account, "state");
  if (state == "ok") return Ink::green;
  return state == "refreshing" ? Ink::cyan : Ink::yellow;
}

std::string words_of_account_state(const Tree& account) {
  const std::string status = text_in(account, "status"), state = text_in(account, "state");
  if (!status.empty()) return status;
  return state == "expired" ? "Account Token Expired" : state;
}

std::string words_of_origin(const Tree& account) {
  if (text_in(account, "origin") != "workflows") return "shared";
  const std::string slot = text_in(account, "slot");
  return slot.empty() || slot == "0" ? "personal" : fmt::format("personal, slot {} of 5", slot);
}

std::string account_picture(const Tree& account, NameBook& names) {
  std::vector<std::string> shared;
  for (const Tree& share : member(account, "shared_with"))
    shared.push_back(names.name_of(share.is_object()   ? text_in(share, "with")
                                   : share.is_string() ? share.get<std::string>()
                                                       : ""));
  const std::string reason =
      text_in(account, "state_reason").empty() ? text_in(account, "reason") : text_in(account, "state_reason");
  const bool is_shared = text_in(account, "origin") != "workflows";
  return text_in(account, "name") + "\n" +
         draw_facts({{"id", text_in(account, "id")},
                     {"state", words_of_account_state(account) + (reason.empty() ? "" : " · " + reason)},
                     {"environment", text_in(account, "environment")},
                     {"org id", text_in(account, "org_id")},
                     {"org", text_in(account, "org_name")},
                     {"Salesforce user", text_in(account, "salesforce_user")},
                     {"instance", text_in(account, "instance_url")},
                     {"kind", words_of_origin(account)},
                     {"login", text_in(account, "login")},
                     {"holder", names.name_of(text_in(account, "owner"))},
                     {"shared with",
                      is_shared ? (shared.empty() ? "nobody yet" : fmt::format("{}", fmt::join(shared, ", "))) : ""},
                     {"linked", day_and_minute(text_in(account, "linked_at"))},
                     {"last success", day_and_minute(text_in(account, "last_success"))}});
}

std::string dependants_picture(const Tree& dependants) {
  Table table({"WORKFLOW", "ALIASES", whole("STATE"), whole("ID")});
  for (const Tree& workflow : member(dependants, "workflows")) {
    table.row({text_in(workflow, "name"), fmt::format("{}", fmt::join(texts_of(member(workflow, "aliases")), ", ")),
               is_set(workflow, "enabled") ? "✓ enabled" : "– disabled", text_in(workflow, "id")});
  }
  const Tree& runs = member(dependants, "runs");
  const std::string queued = text_in(runs, "queued"), held = text_in(runs, "held");
  const bool has_runs = (!queued.empty() && queued != "0") || (!held.empty() && held != "0");
  return (table.empty() ? "" : table.draw(this_terminal(), "  ")) +
         (has_runs ? fmt::format("  runs under way: {} queued, {} held\n", queued.empty() ? "0" : queued,
                                 held.empty() ? "0" : held)
                   : "");
}

const Tree& account_in(const Tree& answer) {
  const Tree& account = member(answer, "account");
  return account.is_object() ? account : answer;
}

}  // namespace app::cli
