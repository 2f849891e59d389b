// Hands each notice over to every channel that the operator has named, until all of them have taken it.
#pragma once

#include <memory>
#include <vector>

#include "app/notice_channel.hpp"
#include "base/async.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "engine/notices.hpp"

namespace app {

class NoticeCourier {
 public:
  NoticeCourier(engine::Notices& notices, base::Clock& clock, base::Log& log)
      : notices_(notices), clock_(clock), log_(log), bell_(clock) {}

  // Before run().
  void add(std::unique_ptr<NoticeChannel> channel) { channels_.push_back(std::move(channel)); }
  bool has_channels() const { return !channels_.empty(); }

  // Until the loop ends. Notices that are due stand in the table, so nothing is lost with the program.
  base::awaitable<void> run();
  // There may be a new one.
  void ring() { bell_.ring(); }
  // Hands over all that are due now, each once; how many were taken. Of several channels, those that took a notice get
  // it again when another did not.
  base::awaitable<int> deliver_due();

 private:
  base::awaitable<bool> is_taken(const engine::NoticeDelivery& delivery);

  engine::Notices& notices_;
  base::Clock& clock_;
  base::Log& log_;
  base::Bell bell_;
  std::vector<std::unique_ptr<NoticeChannel>> channels_{};
};

}  // namespace app
