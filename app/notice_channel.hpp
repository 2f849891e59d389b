// One way in which notices reach people where they look: chat, paging, mail.
#pragma once

#include <string_view>

#include "base/async.hpp"
#include "base/result.hpp"
#include "engine/notices.hpp"

namespace app {

class NoticeChannel {
 public:
  virtual ~NoticeChannel() = default;
  virtual std::string_view name() const = 0;
  // Ok once it was taken. May be called again with the same notice; its id says so.
  virtual base::awaitable<base::Status> hand_over(const engine::NoticeDelivery& delivery) = 0;
};

}  // namespace app
