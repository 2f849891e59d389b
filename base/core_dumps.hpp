// Core dumps: switched off in a process that holds secrets.
#pragma once

namespace base {

// From here on this process leaves no core file, and no other process of its user may look into its memory. Children
// that run another program are not bound by the second.
void forbid_core_dumps();

}  // namespace base
