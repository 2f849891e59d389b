# sluice_embed(TARGET NAMESPACE ns ROOT dir PATTERN glob): the files of a folder become `ns::embedded_files()`,
# declared in base/embedded.hpp's form, so that the program needs nothing beside itself at run time.
function(sluice_embed target)
  cmake_parse_arguments(EMBED "" "NAMESPACE;ROOT;PATTERN" "" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${EMBED_ROOT}/${EMBED_PATTERN}")
  list(SORT files)
  set(generated "${CMAKE_BINARY_DIR}/embedded/${EMBED_NAMESPACE}_files.cpp")
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT "${generated}"
    COMMAND ${CMAKE_COMMAND} "-DFILES=${joined}" -DROOT=${CMAKE_SOURCE_DIR}/${EMBED_ROOT}
            -DNAMESPACE=${EMBED_NAMESPACE} -DOUT=${generated} -P "${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake" VERBATIM)
  target_sources(${target} PRIVATE "${generated}")
  set_source_files_properties("${generated}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON
                              COMPILE_OPTIONS "-Wno-overlength-strings")
endfunction()
