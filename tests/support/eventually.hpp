// Waiting for what another process will do: asked for again and again, never slept for.
#pragma once

#include <functional>
#include <string>

namespace support {

// Returns once `holds` does. Throws after a minute, saying what was waited for and, where given, what is known instead.
void eventually(const std::string& what, const std::function<bool()>& holds,
                const std::function<std::string()>& evidence = {});

}  // namespace support
