// Load and org in one loop: posts responses to a hook and answers as an org would, with as little work as possible, so
// that the program between them is what is measured. A run counts from its post to its last call.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace bench {

struct Window {
  double seconds = 0;
  std::int64_t runs = 0;
  std::vector<double> latencies_ms{};  // of the runs that ended in it
};

class Load {
 public:
  Load();
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  std::uint16_t org_port() const { return org_port_; }
  // Where responses are posted: host is loopback.
  void aim(std::uint16_t hook_port, std::string hook_path);
  // Keeps `in_flight` runs under way for so long; what is under way at its end goes on into the next window.
  Window drive(int in_flight, double seconds, double runs_per_second_max = 0);
  // Waits until nothing is under way; false when that takes longer than `seconds`.
  bool drain(double seconds);
  // Plays the org and nothing else.
  void answer_until(const std::atomic<bool>& is_enough);
  // One GET, blocking; the body.
  std::string get(const std::string& path, const std::string& token);

 private:
  struct Connection;

  void accept_org();
  void open_hook_connection();
  void post_next(Connection& connection);
  void read_from(Connection& connection);
  void answer_org(Connection& connection, std::string_view head, std::string_view body);
  void send(Connection& connection, std::string_view text);
  void drop(Connection& connection);
  void finish(std::string_view response_id);
  void step(int timeout_ms);

  int epoll_ = -1;
  int listener_ = -1;
  std::uint16_t org_port_ = 0;
  std::uint16_t hook_port_ = 0;
  std::string hook_path_;
  std::unordered_map<int, Connection*> connections_;
  std::vector<Connection*> idle_hooks_;
  std::unordered_map<std::string, double> started_;
  std::int64_t next_id_ = 0;
  std::string run_prefix_;
  Window* window_ = nullptr;
};

}  // namespace bench
