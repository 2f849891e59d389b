# How every file of ours is compiled: the language, the warnings, the sanitizers, and what keeps the build quick.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(SLUICE_UNITY "Compile in batches of twelve files: instantiation, not parsing, is what costs" OFF)
option(SLUICE_PRECOMPILED "Parse what most files include only once" ON)
set(SLUICE_SANITIZE "" CACHE STRING "asan, tsan or nothing")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# GCC 12 reports false positives out of its own headers at -O2; each was looked at.
add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-stringop-overflow -Wno-array-bounds
                    -Wno-mismatched-new-delete -Wno-free-nonheap-object)

# In a unity batch a coroutine's local lambda counts as a type without linkage, because its file is an included one.
add_compile_options(-Wno-subobject-linkage)

if(SLUICE_SANITIZE STREQUAL "asan")
  add_compile_options(-O1 -fsanitize=address,undefined -fno-sanitize=vptr,null,alignment,object-size
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(SLUICE_SANITIZE STREQUAL "tsan")
  # -Wno-tsan: Asio uses fences, which ThreadSanitizer does not model, and warnings are errors here.
  add_compile_options(-O1 -fsanitize=thread -Wno-tsan)
  add_link_options(-fsanitize=thread)
endif()
