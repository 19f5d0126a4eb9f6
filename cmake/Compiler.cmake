# Language level, warnings and sanitizers of our own targets, as one interface target.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
endif()

add_library(toolkit_flags INTERFACE)
target_compile_options(toolkit_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${TOOLKIT_WERROR}>:-Werror>)
if(TOOLKIT_SANITIZE)
  # GCC warns falsely inside std::regex when code is instrumented.
  target_compile_options(toolkit_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_options(toolkit_flags INTERFACE
    -fsanitize=${TOOLKIT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # SOCI's libraries hide the type information of their backends, which this check would link to.
    -fno-sanitize=vptr)
  target_link_options(toolkit_flags INTERFACE -fsanitize=${TOOLKIT_SANITIZE})
endif()

# Standard headers that most files name. Files still name what they need: a build with ccache, which knows only whole
# files, and every check run without them.
set(toolkit_common_headers <algorithm> <array> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory>
  <optional> <set> <sstream> <stop_token> <string> <string_view> <utility> <variant> <vector>)

find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  set(TOOLKIT_PCH OFF)
endif()
