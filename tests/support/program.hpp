// The program itself as a process of its own: started, read, killed, and gone with its test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace support {

class Program {
 public:
  // `sluice ARGUMENTS…`; `environment` is added to our own. Call it from a thread that outlives the process: the
  // process dies with it.
  explicit Program(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // The first line on its stdout; "" when it ended without one. Throws, with its stderr, when neither comes.
  std::string first_line();
  // All that it has written to stderr so far.
  std::string log() const;

  void kill();          // as a power cut would: SIGKILL
  void pause();         // SIGSTOP: it does nothing any more, its connections stay open
  void go_on();         // SIGCONT
  int stop();           // asked to end by SIGTERM; its exit code, -1 when a signal ended it
  int fail();           // as a fault of its own would: SIGABRT; the signal that ended it
  int signal_at_end();  // awaits its end; the signal that ended it, 0 when it ended by itself
  // Whether it has left a dump of its memory. Once it has ended.
  bool has_dumped_core() const;

 private:
  void await_end();

  pid_t pid_ = -1;  // -1: it is gone and has been reaped
  int status_ = 0;
  int output_ = -1;
  int log_ = -1;
};

}  // namespace support
