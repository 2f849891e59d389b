// Posts to feeds, as the Connect API takes and shows them.
#pragma once

#include <string>
#include <string_view>

#include "base/http/server.hpp"
#include "local_org/org.hpp"

namespace local_org {

class Chatter {
 public:
  explicit Chatter(Org& org) : org_(org) {}

  // Makes a FeedItem out of a body with message segments, or of query parameters, and returns the feed element. May
  // throw ApiError.
  std::string post(const base::http::ServerRequest& request, const Access& user, std::string_view root);
  std::string element(std::string_view id, std::string_view root);

 private:
  struct Post {
    std::string subject;
    std::string text;
  };

  Post post_from_body(const std::string& body);
  std::string name_of(std::string_view id);

  Org& org_;
};

}  // namespace local_org
