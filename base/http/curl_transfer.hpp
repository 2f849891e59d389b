// One exchange on a handle of curl's: its request as options, its answer as it comes in, and what it has come to.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http/client.hpp"
#include "base/http/curl_loop.hpp"
#include "base/http/outgoing.hpp"
#include "base/suspend.hpp"

namespace base::http {

// An easy handle and what belongs to the request it carries; used again and again.
struct CurlTransfer {
  CURL* easy = curl_easy_init();
  curl_slist* header_list = nullptr;
  std::array<char, CURL_ERROR_SIZE> curl_says{};

  // Live in the sender's coroutine, which waits until the transfer has ended.
  const Request* request = nullptr;
  const Origin* origin = nullptr;
  std::optional<Result<Response>>* outcome = nullptr;
  std::optional<Resumption<void>> sender;

  CurlLoop::Opening opening;
  Response response;
  std::size_t header_bytes = 0;
  bool body_begun = false;
  bool too_large = false;
  int starts = 0;  // how often curl was about to send the request's first byte
  TimePoint deadline;
  std::size_t place = 0;  // among the active ones

  CurlTransfer() {
    if (easy == nullptr) throw std::bad_alloc();
  }
  ~CurlTransfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(header_list);
  }
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Whether the server can know of the request.
  bool sent() const { return starts > 0; }

  void clear() {
    curl_easy_reset(easy);
    curl_slist_free_all(std::exchange(header_list, nullptr));
    curl_says[0] = '\0';
    request = nullptr;
    origin = nullptr;
    outcome = nullptr;
    sender.reset();
    opening = {};
    response = {};
    header_bytes = 0;
    body_begun = too_large = false;
    starts = 0;
  }
};

using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
CurlList to_curl_list(const std::vector<std::string>& texts);

// The one that carries the exchange of this handle, once its options are set.
CurlTransfer& transfer_of(CURL* easy);

// Precondition: the transfer has its request. `connect_to` outlives the exchange.
void set_options(CurlTransfer& transfer, const ClientOptions& options, curl_slist* connect_to);

// The answer, or why there is none, once curl has ended with `code`.
Result<Response> outcome_of(CurlTransfer& transfer, CURLcode code);
// The error of one that is ended from outside: whether the server can know of it is one fact.
Error error_of(const CurlTransfer& transfer, std::string message);
// The same for one whose time is up.
Error overdue_error(const CurlTransfer& transfer);

}  // namespace base::http
