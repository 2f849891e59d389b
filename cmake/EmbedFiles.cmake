# Run as a script at build time: writes the C++ file that holds FILES (separated by |) as text.
string(REPLACE "|" ";" FILES "${FILES}")
set(entries "")
foreach(file ${FILES})
  file(READ "${file}" text)
  file(RELATIVE_PATH name "${ROOT}" "${file}")
  string(APPEND entries "    {\"${name}\", R\"~embedded~(${text})~embedded~\"},\n")
endforeach()
file(WRITE "${OUT}" "// Generated from ${NAMESPACE}'s files; do not edit.
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

namespace ${NAMESPACE} {
std::span<const std::pair<std::string_view, std::string_view>> embedded_files();
std::span<const std::pair<std::string_view, std::string_view>> embedded_files() {
  static const std::pair<std::string_view, std::string_view> files[] = {
${entries}    {\"\", \"\"}};
  return {files, std::size(files) - 1};
}
}  // namespace ${NAMESPACE}
")
