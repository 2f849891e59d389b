// Where the checkout is. One object knows it, so that the others compile to the same bytes wherever they stand.
#pragma once

#include <string>
#include <string_view>

namespace test {

// `path` is relative to the checkout's root.
std::string source_path(std::string_view path = {});

}  // namespace test
