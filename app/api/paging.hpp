// Lists by page: `?limit=1..500&after=<cursor>` and the filters of a request, read strictly.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "app/api/context.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"

namespace app::api {

struct Page {
  int limit = 50;
  std::string after{};  // key of the last thing on the page before; empty: from the beginning
};

// 422 (`query_invalid`) for a limit that is none, and for any parameter but these and `filters`: a filter that is
// misspelt must not show everything.
struct PageRequest {
  Page page{};
  std::optional<base::http::Response> refusal{};
};
PageRequest read_page(const Request& request, std::initializer_list<std::string_view> filters = {});

// A filter's word, or every word where it is not given.
bool passes(std::string_view filter, std::string_view word);

// {"<plural>":[…],"next":"<cursor>"} over things in the order of their keys, which are unique: what comes after
// page.after, up to page.limit. `next` is missing on the last page.
template <class Things, class KeyOf, class Write>
base::http::Response page_of(std::string_view plural, const Things& things, const Page& page, KeyOf key_of,
                             Write write) {
  base::JsonWriter json;
  json.begin_object();
  json.key(plural);
  json.begin_array();
  int written = 0;
  std::string last;
  bool has_more = false;
  for (const auto& thing : things) {
    const std::string key = key_of(thing);
    if (!page.after.empty() && key <= page.after) continue;
    if (written == page.limit) {
      has_more = true;
      break;
    }
    write(json, thing);
    last = key;
    ++written;
  }
  json.end_array();
  if (has_more) json.field("next", last);
  json.end_object();
  return base::http::json_response(200, json.take());
}

}  // namespace app::api
