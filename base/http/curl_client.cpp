// The client of client.hpp, on libcurl.
#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/http/curl_loop.hpp"
#include "base/http/curl_transfer.hpp"
#include "base/http/outgoing.hpp"
#include "base/suspend.hpp"

namespace base::http {

namespace {

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
  void finish(CurlTransfer& transfer, Result<Response> outcome);
  std::unique_ptr<CurlTransfer> detach(CurlTransfer& transfer);
  void recycle(std::unique_ptr<CurlTransfer> transfer);

  void wake_at(TimePoint deadline);
  void give_up_overdue();

  Clock& clock_;
  ClientOptions options_;
  CurlList connect_to_;
  std::shared_ptr<CurlLoop> curl_;  // null once closed
  std::unordered_map<std::string, Host> hosts_;
  std::vector<std::unique_ptr<CurlTransfer>> active_;
  std::vector<std::unique_ptr<CurlTransfer>> idle_;
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
  if (idle_.empty()) idle_.push_back(std::make_unique<CurlTransfer>());
  std::unique_ptr<CurlTransfer> taken = std::move(idle_.back());
  idle_.pop_back();

  CurlTransfer& transfer = *taken;
  transfer.request = &request;
  transfer.origin = &origin;
  transfer.outcome = &outcome;
  transfer.sender.emplace(std::move(sender));
  transfer.sender->on_cancel([this, &transfer] {
    std::unique_ptr<CurlTransfer> cancelled = detach(transfer);
    cancelled->sender->abort();
    recycle(std::move(cancelled));
  });
  transfer.deadline = clock_.now() + request.timeout;
  transfer.place = active_.size();
  active_.push_back(std::move(taken));

  set_options(transfer, options_, connect_to_.get());
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
  CurlTransfer& transfer = transfer_of(easy);
  finish(transfer, outcome_of(transfer, code));
}

void CurlCore::finish(CurlTransfer& transfer, Result<Response> outcome) {
  std::unique_ptr<CurlTransfer> finished = detach(transfer);
  finished->outcome->emplace(std::move(outcome));
  (*finished->sender)();
  recycle(std::move(finished));
}

std::unique_ptr<CurlTransfer> CurlCore::detach(CurlTransfer& transfer) {
  curl_->remove(transfer.easy);
  std::swap(active_[transfer.place], active_.back());
  active_[transfer.place]->place = transfer.place;
  std::unique_ptr<CurlTransfer> detached = std::move(active_.back());
  active_.pop_back();
  return detached;
}

void CurlCore::recycle(std::unique_ptr<CurlTransfer> transfer) {
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
    CurlTransfer& transfer = *active_[i];
    if (transfer.deadline > now) continue;
    finish(transfer, overdue_error(transfer));
  }
  if (active_.empty()) return;
  wake_at((*std::ranges::min_element(active_, {}, [](const auto& each) { return each->deadline; }))->deadline);
}

void CurlCore::close() {
  if (alarm_) clock_.cancel(*alarm_);
  while (!active_.empty()) {
    CurlTransfer& transfer = *active_.back();
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
