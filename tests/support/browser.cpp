#include "tests/support/browser.hpp"

#include <regex>
#include <stdexcept>

namespace support {
namespace {

constexpr int redirects_max = 10;

std::string authority_of(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

std::string resolve(const std::string& base, const std::string& link) {
  if (link.find("://") != std::string::npos) return link;
  const std::string origin = "http://" + authority_of(base);
  if (link.empty()) return base;
  if (link.starts_with("/")) return origin + link;
  const std::string path = base.substr(0, base.find('?'));
  return path.substr(0, path.rfind('/') + 1) + link;
}

std::string unescape_html(std::string text) {
  const std::pair<const char*, const char*> entities[] = {{"&lt;", "<"},  {"&gt;", ">"},   {"&quot;", "\""},
                                                          {"&#39;", "'"}, {"&#x27;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : entities) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, std::string_view(entity).size(), character);
    }
  }
  return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
  std::smatch match;
  const std::regex pattern("\\b" + name + "\\s*=\\s*\"([^\"]*)\"", std::regex::icase);
  return std::regex_search(tag, match, pattern) ? unescape_html(match[1]) : "";
}

std::map<std::string, std::string> hidden_fields(const std::string& page) {
  std::map<std::string, std::string> fields;
  const std::regex input("<input\\b[^>]*>", std::regex::icase);
  for (std::sregex_iterator at(page.begin(), page.end(), input), end; at != end; ++at) {
    const std::string tag = at->str();
    if (attribute(tag, "type") == "hidden") fields[attribute(tag, "name")] = attribute(tag, "value");
  }
  return fields;
}

}  // namespace

HttpAnswer Browser::request(const std::string& method, const std::string& url, const std::string& body) {
  base::http::Headers headers;
  std::string cookies;
  for (const auto& [name, value] : cookies_[authority_of(url)])
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  if (!cookies.empty()) headers.emplace_back("Cookie", cookies);
  if (method == "POST") headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  HttpAnswer answer = http_call(method, url, body, headers);
  for (const auto& [name, value] : answer.headers) {
    if (!base::http::equal_ignoring_case(name, "set-cookie")) continue;
    const std::string pair = value.substr(0, value.find(';'));
    cookies_[authority_of(url)][pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  }
  url_ = url;
  return answer;
}

HttpAnswer Browser::follow(HttpAnswer answer) {
  stopped_at_.clear();
  for (int redirects = 0; answer.status >= 301 && answer.status <= 303; ++redirects) {
    if (redirects == redirects_max) throw std::runtime_error("a circle of redirects at " + url_);
    const std::string next = resolve(url_, answer.header("location"));
    const bool stops =
        !next.starts_with("http://127.0.0.1") || (!stop_before_.empty() && next.starts_with(stop_before_));
    if (stops) {
      stopped_at_ = next;
      break;
    }
    answer = request("GET", next, "");
  }
  page_ = std::move(answer);
  return page_;
}

HttpAnswer Browser::open(std::string url) { return follow(request("GET", url, "")); }

HttpAnswer Browser::submit(const std::map<std::string, std::string>& filled) {
  std::smatch form;
  if (!std::regex_search(page_.body, form, std::regex("<form\\b[^>]*>", std::regex::icase))) {
    throw std::runtime_error("there is no form at " + url_ + ":\n" + page_.body);
  }
  std::map<std::string, std::string> fields = hidden_fields(page_.body);
  for (const auto& [name, value] : filled) fields[name] = value;
  base::http::Form body(fields.begin(), fields.end());
  return follow(request("POST", resolve(url_, attribute(form.str(), "action")), base::http::to_form(body)));
}

}  // namespace support
