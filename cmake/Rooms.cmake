# sluice_library(NAME LINKS …): a folder is a static library that links only to the rooms below it.

# Files that cost more alone than a batch gains, or that must not share a translation unit.
set(SLUICE_OUTSIDE_UNITY
  base/asio.cpp base/beast.cpp base/http/server.cpp app/cli/command_line.cpp)

function(sluice_compile_room target)
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
  if(SLUICE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  endif()
endfunction()

function(sluice_library name)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${name}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "app/main.cpp$")
  add_library(${name} STATIC ${sources} "${CMAKE_SOURCE_DIR}/cmake/empty.cpp")
  target_link_libraries(${name} PUBLIC ${ROOM_LINKS})
  sluice_compile_room(${name})
  foreach(file ${SLUICE_OUTSIDE_UNITY})
    if(EXISTS "${CMAKE_SOURCE_DIR}/${file}")
      set_source_files_properties("${CMAKE_SOURCE_DIR}/${file}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
  if(SLUICE_PRECOMPILED AND NOT name STREQUAL "schemas")
    target_precompile_headers(${name} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp")
  endif()
endfunction()
