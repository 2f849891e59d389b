// Chromium without a window, driven over WebDriver: what a page shows to a person, and what it did on the way.
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>

namespace support {

class Chromium {
 public:
  // Starts both programs, with a profile and an environment of their own. Throws when one does not come. Call it from a
  // thread that outlives them: they die with it.
  Chromium();
  Chromium(const Chromium&) = delete;
  Chromium& operator=(const Chromium&) = delete;
  ~Chromium();

  // `script` runs in every page from now on, before any of its own does, and out of its policy's reach.
  void run_first(const std::string& script);
  void open(const std::string& url);
  std::string url();

  // The first element that fits, waited for, also where the page draws itself anew meanwhile. Throws, with what the
  // page says instead, when none comes.
  std::string text_of(const std::string& css);
  void click(const std::string& css);
  void type(const std::string& css, const std::string& text);
  void await(const std::string& css) { find(css); }

  // What `script` returns; it finds `arguments` under that name.
  nlohmann::json run(const std::string& script);
  nlohmann::json run(const std::string& script, const nlohmann::json& arguments);

 private:
  void start_driver();
  std::string await_port() const;
  std::string find(const std::string& css);
  void act_on(const std::string& css, const std::string& act, const nlohmann::json& body);
  // Throws with WebDriver's own words. Refuses while a dialog is open.
  nlohmann::json ask(std::string_view method, const std::string& path);
  nlohmann::json ask(std::string_view method, const std::string& path, const nlohmann::json& body);

  std::string profile_;  // a folder of its own
  pid_t group_ = -1;     // of the driver and the browser
  int output_ = -1;
  std::string session_;  // its address
};

}  // namespace support
