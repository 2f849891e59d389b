// Record ids: 15 characters that matter, three more that keep their case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace local_org {

// The id of an object's record number `number`, 18 characters. `prefix` has three.
std::string make_record_id(std::string_view prefix, std::int64_t number);

// The three characters that say which of the 15 are capitals.
std::string record_id_suffix(std::string_view id15);

// The 18-character form of a 15- or 18-character id; nothing for what is no id, which includes a wrong suffix.
std::optional<std::string> to_record_id(std::string_view text);

}  // namespace local_org
