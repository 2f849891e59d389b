// `sluice notices`: what the server has to tell you, e.g. that an account's token has expired.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/cli/wrapped_text.hpp"

namespace app::cli {
namespace {

struct NoticeArguments : ServerVerb {
  bool only_unread = false;
  std::string read{};  // the notice that has been read; empty: list them
};

int show_notices(ServerClient& server, const NoticeArguments& arguments) {
  if (!arguments.read.empty()) {
    const base::JsonText document = server.post(path_of({"notices", arguments.read, "read"}), Tree::object());
    return tell(arguments, document, fmt::format("{} is read.", arguments.read));
  }
  const base::JsonText document = server.all(arguments.only_unread ? "/notices?unread=true" : "/notices", "notices");
  const Tree list = tree_of(document);
  // What the other columns leave: a message is read to its end.
  const std::size_t width_of_what = std::max<std::size_t>(this_terminal().width, 90) - 58;
  Table table({whole("WHEN"), "", "WHAT", whole("ID")});
  for (const Tree& notice : member(list, "notices")) {
    const bool is_read = !text_in(notice, "read_at").empty();
    const Ink ink = is_read ? Ink::dim : Ink::plain;
    const std::vector<std::string> lines = wrapped(text_in(notice, "message"), width_of_what);
    table.row(
        {day_and_minute(text_in(notice, "created_at")), is_read ? "" : "•", {lines[0], ink}, text_in(notice, "id")});
    for (std::size_t line = 1; line < lines.size(); ++line) table.row({"", "", {lines[line], ink}, ""});
  }
  return tell(
      arguments, document,
      table.empty() ? (arguments.only_unread ? "Nothing unread." : "No notices.") : table.draw(this_terminal()));
}

}  // namespace

void add_notices(VerbGroup& program) {
  auto notices = server_verb(program, "notices", "what the server has to tell you", show_notices);
  notices.flag("--unread", notices->only_unread, "only what you have not read");
  notices.option("--read", notices->read, "mark this notice as read: its id");
}

}  // namespace app::cli
