// How Sluice logs in to a local org: the account file that a person would write for it.
#pragma once

#include "base/json_text.hpp"
#include "local_org/server.hpp"

namespace app {

base::JsonText local_account(const local_org::Credentials& credentials, local_org::Environment environment);

}  // namespace app
