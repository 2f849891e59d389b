// A browser in front of login pages: keeps cookies, follows redirects, and sends forms as a person would.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/support/blocking_http.hpp"

namespace support {

class Browser {
 public:
  // A page, over its redirects. Where one leads to an address outside of http://127.0.0.1, it stops there.
  HttpAnswer open(std::string url);
  // Sends the page's only form with its hidden fields, `filled` and the button that says so.
  HttpAnswer submit(const std::map<std::string, std::string>& filled);

  // The address of the page that is shown, and of the last redirect that was not followed.
  const std::string& url() const { return url_; }
  const std::string& stopped_at() const { return stopped_at_; }
  const HttpAnswer& page() const { return page_; }
  // Redirects to addresses that begin so are not followed, e.g. to look at a code before it is used.
  void stop_before(std::string prefix) { stop_before_ = std::move(prefix); }
  void forget_cookies() { cookies_.clear(); }

 private:
  HttpAnswer request(const std::string& method, const std::string& url, const std::string& body);
  HttpAnswer follow(HttpAnswer answer);

  std::string url_;
  std::string stopped_at_;
  std::string stop_before_;
  HttpAnswer page_;
  std::map<std::string, std::map<std::string, std::string>> cookies_;  // by authority
};

}  // namespace support
