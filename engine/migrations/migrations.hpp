// The engine's tables, step by step. A step is never edited after release.
#pragma once

#include <span>

#include "base/sql/database.hpp"

namespace engine {

std::span<const base::sql::Migration> migrations();

}  // namespace engine
