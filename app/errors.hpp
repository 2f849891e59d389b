// The program's own error codes. Each has a page in docs/errors/.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace app {

// Pictures as SVG need a program that is not there or did not do it.
inline constexpr base::ErrorCode graphviz_missing{"graphviz_missing", base::Kind::blocked};
// A server that a verb talks to: out of reach, or it said no.
inline constexpr base::ErrorCode server_unreachable{"server_unreachable", base::Kind::transient};
inline constexpr base::ErrorCode server_refused{"server_refused", base::Kind::permanent};
inline constexpr base::ErrorCode run_unknown{"run_unknown", base::Kind::permanent};
// A name that a verb was given: nobody has it, or several have.
inline constexpr base::ErrorCode name_unknown{"name_unknown", base::Kind::permanent};
inline constexpr base::ErrorCode name_ambiguous{"name_ambiguous", base::Kind::permanent};
// A login in a browser: nobody came back from it, or Salesforce said no on the way.
inline constexpr base::ErrorCode login_timed_out{"login_timed_out", base::Kind::transient};
inline constexpr base::ErrorCode login_refused_by_salesforce{"login_refused_by_salesforce", base::Kind::permanent};
// A webhook answered a notice with something else than 2xx.
inline constexpr base::ErrorCode notice_not_taken{"notice_not_taken", base::Kind::transient};
// What `serve` was told of notices by mail cannot be used.
inline constexpr base::ErrorCode notice_mail_invalid{"notice_mail_invalid", base::Kind::permanent};
// `sluice new` writes into no folder that holds something.
inline constexpr base::ErrorCode folder_not_empty{"folder_not_empty", base::Kind::permanent};
// `sluice org package` changes no file that says something else, unless it is told to.
inline constexpr base::ErrorCode package_file_differs{"package_file_differs", base::Kind::permanent};
inline constexpr base::ErrorCode schema_unknown{"schema_unknown", base::Kind::permanent};
inline constexpr base::ErrorCode error_code_unknown{"error_code_unknown", base::Kind::permanent};
// Mapping tests: a reference to a record that is not there, a name that the workflow does not have, a record or a field
// that the org does not take.
inline constexpr base::ErrorCode mapping_test_reference{"mapping_test_reference", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_test_name{"mapping_test_name", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_test_record{"mapping_test_record", base::Kind::permanent};
// There is no mapping test where `sluice test` looks for them.
inline constexpr base::ErrorCode mapping_test_missing{"mapping_test_missing", base::Kind::permanent};
// Mapping tests on a linked org: it is a production org; a record that the case did not make would be changed; the
// journal cannot be kept; records of an earlier run are still there.
inline constexpr base::ErrorCode mapping_test_on_production{"mapping_test_on_production", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_test_foreign_record{"mapping_test_foreign_record", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_test_journal_unusable{"mapping_test_journal_unusable", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_test_records_left{"mapping_test_records_left", base::Kind::permanent};
// `sluice runs save-test`: the run cannot be played again on a local org.
inline constexpr base::ErrorCode run_not_savable{"run_not_savable", base::Kind::permanent};
// An event of the survey platform came to a server that was started without one.
inline constexpr base::ErrorCode survey_platform_not_configured{"survey_platform_not_configured",
                                                                base::Kind::permanent};
// A finding: a workflow's tasks were not held against their org, since that could not be asked.
inline constexpr std::string_view org_not_checked = "org_not_checked";
// A verb was given an account, or an org's schema, that none of the workflow's tasks uses.
inline constexpr base::ErrorCode workflow_without_account{"workflow_without_account", base::Kind::permanent};

}  // namespace app
