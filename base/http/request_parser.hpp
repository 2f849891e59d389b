// How a request is read: Beast's parser, writing straight into a ServerRequest. Internal to the server.
#pragma once

#include <algorithm>

#include <boost/beast/http/basic_parser.hpp>

#include "base/http/server.hpp"

namespace base::http {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(ServerRequest& request, const ServerOptions& options) : request_(request) {
    header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
    body_limit(std::uint64_t{options.body_bytes_max});
    eager(true);
  }

  bool http_1_1() const { return version_ == 11; }

 private:
  static constexpr std::size_t body_reserve_max = 256u << 10;  // a length is only a promise

  void on_request_impl(boost::beast::http::verb, boost::beast::string_view method, boost::beast::string_view target,
                       int version, boost::system::error_code&) override {
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
    version_ = version;
  }
  void on_response_impl(int, boost::beast::string_view, int, boost::system::error_code&) override {}
  void on_field_impl(boost::beast::http::field, boost::beast::string_view name, boost::beast::string_view value,
                     boost::system::error_code&) override {
    // What comes behind a chunked body must not pass for a header that was there before.
    if (!head_complete_) request_.headers.emplace_back(name, value);
  }
  void on_header_impl(boost::system::error_code&) override { head_complete_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, boost::system::error_code&) override {
    if (length) request_.body.reserve(std::min<std::size_t>(*length, body_reserve_max));
  }
  std::size_t on_body_impl(boost::beast::string_view text, boost::system::error_code&) override {
    request_.body.append(text.data(), text.size());
    return text.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, boost::system::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view text,
                                 boost::system::error_code& error) override {
    return on_body_impl(text, error);
  }
  void on_finish_impl(boost::system::error_code&) override {}

  ServerRequest& request_;
  int version_ = 0;
  bool head_complete_ = false;
};

}  // namespace base::http
