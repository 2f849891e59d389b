#include "base/http/curl_transfer.hpp"

#include <algorithm>
#include <new>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace base::http {

namespace {

// Headers are no place for data: far above what any server sends in good faith.
constexpr std::size_t answer_header_bytes_max = 256u << 10;

// Called immediately before the request's first byte. curl repeats a request by itself when a kept connection turns out
// dead, and there is no option against it: the server may have carried out the first one.
int on_first_byte(void* self, char*, char*, int, int) {
  return ++static_cast<CurlTransfer*>(self)->starts == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t on_header_line(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.header_bytes += size;
  if (transfer.header_bytes > answer_header_bytes_max) {
    transfer.too_large = true;
    return 0;
  }
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer.response.headers.clear();  // an interim answer came before
    return size;
  }
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || transfer.body_begun) return size;  // the empty line; trailers
  std::string_view name = line.substr(0, colon), value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  transfer.response.headers.emplace_back(name, value);
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.body_begun = true;
  if (size > transfer.request->response_bytes_max - transfer.response.body.size()) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(data, size);
  return size;
}

void set_common_options(CurlTransfer& transfer, const ClientOptions& options) {
  CURL* easy = transfer.easy;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.curl_says.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // giving up must not wait for the resolver's thread
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());  // "" also switches the environment's off
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip,deflate");
  curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &on_first_byte);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header_line);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
}

void set_body_and_method(CurlTransfer& transfer) {
  CURL* easy = transfer.easy;
  const Request& request = *transfer.request;
  bool carries_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (carries_body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    if (request.method != "POST") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void set_headers(CurlTransfer& transfer) {
  auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(transfer.header_list, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    transfer.header_list = longer;
  };
  const Headers& headers = transfer.request->headers;
  for (const auto& [name, value] : headers) append(value.empty() ? name + ";" : name + ": " + value);
  // What curl would add by itself.
  append("Expect:");
  if (!find_header(headers, "content-type")) append("Content-Type:");
  curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, transfer.header_list);
}

void set_request_options(CurlTransfer& transfer) {
  curl_easy_setopt(transfer.easy, CURLOPT_URL, transfer.request->url.c_str());
  set_body_and_method(transfer);
  set_headers(transfer);
  Duration idle_max = transfer.request->idle_max;
  if (idle_max >= std::chrono::seconds(1)) {
    auto seconds = std::chrono::floor<std::chrono::seconds>(idle_max).count();
    curl_easy_setopt(transfer.easy, CURLOPT_MAXAGE_CONN, static_cast<long>(seconds));
  } else if (idle_max > Duration{0}) {
    curl_easy_setopt(transfer.easy, CURLOPT_FRESH_CONNECT, 1L);  // curl counts in seconds
  }
}

std::string os_reason(CURL* easy) {
  long number = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
  if (number == 0) return "no answer";
  std::string text = std::generic_category().message(static_cast<int>(number));
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + ('a' - 'A'));
  return text;
}

std::string what_happened(const CurlTransfer& transfer, CURLcode code) {
  std::string_view host = transfer.origin->host();
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return fmt::format("no address is known for {}", host);
    case CURLE_COULDNT_RESOLVE_PROXY: return "no address is known for the proxy";
    case CURLE_COULDNT_CONNECT: return fmt::format("could not connect to {}: {}", host, os_reason(transfer.easy));
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return fmt::format("no TLS connection to {}: {}", host, transfer.curl_says.data());
    case CURLE_ABORTED_BY_CALLBACK:  // by on_first_byte
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return fmt::format("{} closed the connection before its answer was complete", host);
    default: return fmt::format("the exchange with {} broke: {}", host, curl_easy_strerror(code));
  }
}

std::string timeout_text(Duration timeout) {
  bool whole_seconds = timeout % std::chrono::seconds(1) == Duration{0};
  return whole_seconds ? fmt::format("{} s", timeout / std::chrono::seconds(1)) : fmt::format("{} ms", timeout.count());
}

Result<Response> answer_of(CurlTransfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  Response& response = transfer.response;
  response.status = static_cast<int>(status);
  if (find_header(response.headers, "content-encoding")) {
    // They described the bytes before curl undid the encoding.
    std::erase_if(response.headers, [](const auto& header) {
      return equal_ignoring_case(header.first, "content-encoding") ||
             equal_ignoring_case(header.first, "content-length");
    });
  }
  return std::move(response);
}

}  // namespace

CurlList to_curl_list(const std::vector<std::string>& texts) {
  CurlList list(nullptr, &curl_slist_free_all);
  for (const std::string& text : texts) {
    curl_slist* longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    // What was held is the head of the longer one.
    [[maybe_unused]] const curl_slist* head = list.release();
    list.reset(longer);
  }
  return list;
}

void set_options(CurlTransfer& transfer, const ClientOptions& options, curl_slist* connect_to) {
  set_common_options(transfer, options);
  if (connect_to != nullptr) curl_easy_setopt(transfer.easy, CURLOPT_CONNECT_TO, connect_to);
  set_request_options(transfer);
}

CurlTransfer& transfer_of(CURL* easy) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<CurlTransfer*>(self);
}

Result<Response> outcome_of(CurlTransfer& transfer, CURLcode code) {
  if (code == CURLE_OK) return answer_of(transfer);
  if (transfer.too_large)
    return Error{http_answer_too_large, fmt::format("the answer of {} is larger than {} bytes", transfer.origin->host(),
                                                    transfer.request->response_bytes_max)};
  return error_of(transfer, what_happened(transfer, code));
}

// curl's "not even sent" codes are many and change; whether it came to the first byte is one fact.
Error error_of(const CurlTransfer& transfer, std::string message) {
  if (transfer.opening.refused_one && !transfer.sent()) {
    return Error{http_address_refused,
                 fmt::format("the address of {} is none that may be connected to from here", transfer.origin->host())};
  }
  return Error{transfer.sent() ? http_unclear : http_not_sent, std::move(message)};
}

Error overdue_error(const CurlTransfer& transfer) {
  const std::string within = timeout_text(transfer.request->timeout);
  return error_of(transfer, transfer.sent()
                                ? fmt::format("no answer within {}", within)
                                : fmt::format("could not connect to {} within {}", transfer.origin->host(), within));
}

}  // namespace base::http
