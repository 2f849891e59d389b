// The client of client.hpp, on libcurl.
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <deque>
#include <list>
#include <new>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/http/client.hpp"
#include "base/http/curl_loop.hpp"
#include "base/http/outgoing.hpp"
#include "base/suspend.hpp"

namespace base::http {

namespace {

// Headers are no place for data: far above what any server sends in good faith.
constexpr std::size_t answer_header_bytes_max = 256u << 10;

// An easy handle and what belongs to the request it carries; used again and again.
struct Transfer {
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

  Transfer() {
    if (easy == nullptr) throw std::bad_alloc();
  }
  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(header_list);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

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

// Called immediately before the request's first byte. curl repeats a request by itself when a kept connection turns out
// dead, and there is no option against it: the server may have carried out the first one.
int on_first_byte(void* self, char*, char*, int, int) {
  return ++static_cast<Transfer*>(self)->starts == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t on_header_line(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
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
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.body_begun = true;
  if (size > transfer.request->response_bytes_max - transfer.response.body.size()) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(data, size);
  return size;
}

using HeldList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

HeldList to_curl_list(const std::vector<std::string>& texts) {
  HeldList list(nullptr, &curl_slist_free_all);
  for (const std::string& text : texts) {
    curl_slist* longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    // What was held is the head of the longer one.
    [[maybe_unused]] const curl_slist* head = list.release();
    list.reset(longer);
  }
  return list;
}

void set_common_options(Transfer& transfer, const ClientOptions& options) {
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

void set_body_and_method(Transfer& transfer) {
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

void set_headers(Transfer& transfer) {
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

void set_request_options(Transfer& transfer) {
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

std::string what_happened(const Transfer& transfer, CURLcode code) {
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

// curl's "not even sent" codes are many and change; whether it came to the first byte is one fact.
Error error_of(const Transfer& transfer, std::string message) {
  if (transfer.opening.refused_one && !transfer.sent()) {
    return Error{http_address_refused,
                 fmt::format("the address of {} is none that may be connected to from here", transfer.origin->host())};
  }
  return Error{transfer.sent() ? http_unclear : http_not_sent, std::move(message)};
}

std::string timeout_text(Duration timeout) {
  bool whole_seconds = timeout % std::chrono::seconds(1) == Duration{0};
  return whole_seconds ? fmt::format("{} s", timeout / std::chrono::seconds(1)) : fmt::format("{} ms", timeout.count());
}

Result<Response> answer_of(Transfer& transfer) {
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

// Everything that requests under way need, alive until the last of their coroutines has ended.
class CurlCore {
 public:
  CurlCore(boost::asio::io_context& loop, Clock& clock, ClientOptions options)
      : clock_(clock),
        options_(std::move(options)),
        connect_to_(to_curl_list(options_.connect_to)),
        curl_(
            std::make_shared<CurlLoop>(loop, std::max<std::size_t>(8 * options_.in_flight_per_host, 64),
                                       [this](void* easy, int code) { on_done(easy, static_cast<CURLcode>(code)); })) {}

  static awaitable<Result<Response>> send(std::shared_ptr<CurlCore> core, Request request);

  // Ends everything; nothing is sent afterwards.
  void close();

 private:
  struct Host {
    std::size_t in_flight = 0;
    std::list<Resumption<void>> waiting{};
  };
  using HostEntry = std::unordered_map<std::string, Host>::value_type;

  // One of the places that a host has for requests in flight, given on to the next in line at the end.
  class Place {
   public:
    Place(CurlCore& core, HostEntry& host) : core_(core), host_(host) {}
    ~Place() { core_.leave(host_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    CurlCore& core_;
    HostEntry& host_;
  };

  void wait_in_line(Host& host, Resumption<void> resumption);
  void leave(HostEntry& host);

  void start(const Request& request, const Origin& origin, std::optional<Result<Response>>& outcome,
             Resumption<void> sender);
  void on_done(CURL* easy, CURLcode code);
  void finish(Transfer& transfer, Result<Response> outcome);
  std::unique_ptr<Transfer> detach(Transfer& transfer);
  void recycle(std::unique_ptr<Transfer> transfer);

  void wake_at(TimePoint deadline);
  void give_up_overdue();

  Clock& clock_;
  ClientOptions options_;
  HeldList connect_to_;
  std::shared_ptr<CurlLoop> curl_;  // null once closed
  std::unordered_map<std::string, Host> hosts_;
  std::vector<std::unique_ptr<Transfer>> active_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::optional<Clock::TimerId> alarm_;
  TimePoint alarm_at_{};
};

awaitable<Result<Response>> CurlCore::send(std::shared_ptr<CurlCore> core, Request request) {
  Result<Origin> origin = check_request(request);
  if (!origin) co_return std::move(origin).error();

  HostEntry& host = *core->hosts_.try_emplace(origin->text).first;
  if (host.second.in_flight < core->options_.in_flight_per_host) {
    ++host.second.in_flight;
  } else {
    auto wait = [&](Resumption<void> resumption) { core->wait_in_line(host.second, std::move(resumption)); };
    co_await suspend<void>(wait);
  }
  Place place(*core, host);

  if (request.before_sending) {
    Status ready = co_await request.before_sending();
    if (!ready) co_return std::move(ready).error();
  }
  if (!core->curl_) co_return Error{http_not_sent, "the program is stopping"};

  std::optional<Result<Response>> outcome;
  auto transfer = [&](Resumption<void> sender) { core->start(request, *origin, outcome, std::move(sender)); };
  co_await suspend<void>(transfer);
  co_return std::move(*outcome);
}

void CurlCore::wait_in_line(Host& host, Resumption<void> resumption) {
  auto waiter = host.waiting.insert(host.waiting.end(), std::move(resumption));
  waiter->on_cancel([&host, waiter] {
    Resumption<void> cancelled = std::move(*waiter);
    host.waiting.erase(waiter);
    cancelled.abort();
  });
}

void CurlCore::leave(HostEntry& entry) {
  Host& host = entry.second;
  if (!host.waiting.empty()) {
    Resumption<void> next = std::move(host.waiting.front());
    host.waiting.pop_front();
    next();
  } else if (--host.in_flight == 0) {
    hosts_.erase(hosts_.find(entry.first));
  }
}

void CurlCore::start(const Request& request, const Origin& origin, std::optional<Result<Response>>& outcome,
                     Resumption<void> sender) {
  if (idle_.empty()) idle_.push_back(std::make_unique<Transfer>());
  std::unique_ptr<Transfer> taken = std::move(idle_.back());
  idle_.pop_back();

  Transfer& transfer = *taken;
  transfer.request = &request;
  transfer.origin = &origin;
  transfer.outcome = &outcome;
  transfer.sender.emplace(std::move(sender));
  transfer.sender->on_cancel([this, &transfer] {
    std::unique_ptr<Transfer> cancelled = detach(transfer);
    cancelled->sender->abort();
    recycle(std::move(cancelled));
  });
  transfer.deadline = clock_.now() + request.timeout;
  transfer.place = active_.size();
  active_.push_back(std::move(taken));

  set_common_options(transfer, options_);
  if (connect_to_) curl_easy_setopt(transfer.easy, CURLOPT_CONNECT_TO, connect_to_.get());
  set_request_options(transfer);
  if (options_.may_connect && options_.proxy.empty()) {
    transfer.opening.allowed = [this, &transfer](const std::string& address) {
      return options_.may_connect(transfer.origin->text, address);
    };
  }
  curl_->adopt(transfer.easy, transfer.opening);
  curl_->add(transfer.easy);
  wake_at(transfer.deadline);
}

void CurlCore::on_done(CURL* easy, CURLcode code) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  auto& transfer = *reinterpret_cast<Transfer*>(self);
  if (code == CURLE_OK) {
    finish(transfer, answer_of(transfer));
  } else if (transfer.too_large) {
    finish(transfer,
           Error{http_answer_too_large, fmt::format("the answer of {} is larger than {} bytes", transfer.origin->host(),
                                                    transfer.request->response_bytes_max)});
  } else {
    finish(transfer, error_of(transfer, what_happened(transfer, code)));
  }
}

void CurlCore::finish(Transfer& transfer, Result<Response> outcome) {
  std::unique_ptr<Transfer> finished = detach(transfer);
  finished->outcome->emplace(std::move(outcome));
  (*finished->sender)();
  recycle(std::move(finished));
}

std::unique_ptr<Transfer> CurlCore::detach(Transfer& transfer) {
  curl_->remove(transfer.easy);
  std::swap(active_[transfer.place], active_.back());
  active_[transfer.place]->place = transfer.place;
  std::unique_ptr<Transfer> detached = std::move(active_.back());
  active_.pop_back();
  return detached;
}

void CurlCore::recycle(std::unique_ptr<Transfer> transfer) {
  transfer->clear();
  idle_.push_back(std::move(transfer));
}

// One timer for all requests. It is armed for the earliest deadline it was told of and not touched when that request
// ends in time: deadlines mostly grow, so it goes off about once per time-out, not once per request.
void CurlCore::wake_at(TimePoint deadline) {
  if (alarm_ && alarm_at_ <= deadline) return;
  if (alarm_) clock_.cancel(*alarm_);
  alarm_at_ = deadline;
  alarm_ = clock_.call_at(deadline, [this] {
    alarm_.reset();
    give_up_overdue();
  });
}

void CurlCore::give_up_overdue() {
  TimePoint now = clock_.now();
  for (std::size_t i = active_.size(); i-- > 0;) {
    Transfer& transfer = *active_[i];
    if (transfer.deadline > now) continue;
    std::string within = timeout_text(transfer.request->timeout);
    finish(transfer, error_of(transfer, transfer.sent() ? fmt::format("no answer within {}", within)
                                                        : fmt::format("could not connect to {} within {}",
                                                                      transfer.origin->host(), within)));
  }
  if (active_.empty()) return;
  wake_at((*std::ranges::min_element(active_, {}, [](const auto& each) { return each->deadline; }))->deadline);
}

void CurlCore::close() {
  if (alarm_) clock_.cancel(*alarm_);
  while (!active_.empty()) {
    Transfer& transfer = *active_.back();
    finish(transfer, error_of(transfer, "the program stopped before the answer came"));
  }
  idle_.clear();
  curl_.reset();
  // Each is woken, finds the client closed and leaves; none waits for a place any more.
  for (auto& [origin, host] : hosts_) {
    for (auto& waiting : host.waiting) {
      ++host.in_flight;
      waiting();
    }
    host.waiting.clear();
  }
}

class CurlClient final : public Client {
 public:
  CurlClient(boost::asio::io_context& loop, Clock& clock, ClientOptions options)
      : core_(std::make_shared<CurlCore>(loop, clock, std::move(options))) {}
  ~CurlClient() override { core_->close(); }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  awaitable<Result<Response>> send(Request request) override { return CurlCore::send(core_, std::move(request)); }

 private:
  std::shared_ptr<CurlCore> core_;
};

}  // namespace

std::unique_ptr<Client> make_client(boost::asio::io_context& loop, Clock& clock, ClientOptions options) {
  return std::make_unique<CurlClient>(loop, clock, std::move(options));
}

}  // namespace base::http
