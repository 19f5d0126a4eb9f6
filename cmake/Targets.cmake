# The rooms as targets. Dependencies point one way, and the include paths hold them so: core sees
# include/toolkit only, no dialect and no SOCI; a dialect sees core and its client library; only the command
# and the tests that need servers link the registry.

# toolkit_room(NAME STATIC|EXECUTABLE SOURCES globs… [EXCLUDE regex] [PUBLIC targets…] [PRIVATE targets…]
# [HEADERS headers…]) makes a target of all files that match; none when nothing matches. HEADERS are those of
# libraries that most of its files read, to be precompiled.
function(toolkit_room name kind)
  cmake_parse_arguments(arg "" "EXCLUDE" "SOURCES;PUBLIC;PRIVATE;HEADERS" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/")
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES})
  if(arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${arg_EXCLUDE}")
  endif()
  if(NOT sources)
    return()
  endif()
  if(kind STREQUAL EXECUTABLE)
    add_executable(${name} ${sources})
  else()
    add_library(${name} STATIC ${sources})
  endif()
  list(LENGTH sources count)
  if(TOOLKIT_PCH AND count GREATER 9) # fewer do not win back what it costs
    target_precompile_headers(${name} PRIVATE ${toolkit_common_headers} ${arg_HEADERS})
  endif()
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:toolkit_flags>)
endfunction()

toolkit_room(toolkit_core STATIC SOURCES src/*.cpp EXCLUDE "/src/main\\.cpp$"
  PRIVATE OpenSSL::Crypto $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> tomlplusplus::tomlplusplus Threads::Threads)
target_include_directories(toolkit_core PUBLIC
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")

set(client_postgresql PostgreSQL::PostgreSQL)
set(client_mysql ToolkitMySQL::client)
set(client_sqlite SQLite::SQLite3)
toolkit_room(toolkit_registry STATIC SOURCES dialects/registry.cpp PUBLIC toolkit_core)
foreach(dialect ${TOOLKIT_DIALECTS})
  string(TOUPPER ${dialect} upper)
  toolkit_room(toolkit_dialect_${dialect} STATIC SOURCES dialects/${dialect}/*.cpp
    PUBLIC toolkit_core
    PRIVATE ToolkitSOCI::${dialect} ${client_${dialect}} $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> Threads::Threads)
  target_link_libraries(toolkit_registry PRIVATE toolkit_dialect_${dialect})
  target_compile_definitions(toolkit_registry PRIVATE TOOLKIT_WITH_${upper})
endforeach()

toolkit_room(toolkit_cli STATIC SOURCES src/cli/*.cpp
  PUBLIC toolkit_core PRIVATE CLI11::CLI11 $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> tomlplusplus::tomlplusplus
  HEADERS <CLI/CLI.hpp> <nlohmann/json.hpp>)
if(TOOLKIT_PCH) # CLI11 is templates: each file would instantiate the same ones
  set_target_properties(toolkit_cli PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 9)
endif()

toolkit_room(toolkit EXECUTABLE SOURCES src/main.cpp PRIVATE toolkit_cli toolkit_registry)

# toolkit/testing.hpp, for the test suites of products.
toolkit_room(toolkit_testing STATIC SOURCES src/testing/*.cpp PUBLIC toolkit_core PRIVATE toolkit_registry Threads::Threads)
