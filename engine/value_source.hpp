// The port through which the engine and its tasks learn what a pipe means.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"
#include "engine/item.hpp"

namespace engine {

// `${scheme://path}`; the path is kept as written, with its query.
struct Pipe {
  std::string scheme;
  std::string path;

  friend bool operator==(const Pipe&, const Pipe&) = default;
};

std::string to_string(const Pipe& pipe);

class ValueSource {
 public:
  virtual ~ValueSource() = default;
  // A pipe that is sound but finds nothing gives a Blank; an error is a pipe that means nothing here.
  virtual base::Result<base::Value> value(const Pipe& pipe) const = 0;
  // The list that a pipe means, with what is known of each item; for most pipes that is their value's.
  virtual base::Result<Items> items(const Pipe& pipe) const;
  // What `${item://path}` finds in an item of that list, of what is not kept with it as a member.
  virtual base::Result<base::Value> in_item(const Pipe& list, const Item& item, std::string_view path) const;
};

}  // namespace engine
