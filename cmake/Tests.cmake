# The pyramid: unit (core alone, no server), contract (every engine), cli (the program), crash (deaths at every
# point), mutation (what verify finds of planted defects). One ctest entry runs a whole program, since a program starts its servers once.
set(needs_servers "/tests/support/(cutting_proxy|finish_run|local_server|native|servers)\\.cpp$")
file(GLOB server_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/support/*.cpp")
list(FILTER server_sources INCLUDE REGEX "${needs_servers}")

toolkit_room(test_support STATIC SOURCES tests/support/*.cpp EXCLUDE "${needs_servers}"
  PUBLIC toolkit_core doctest::doctest)
if(TARGET test_support AND TARGET toolkit)
  target_compile_definitions(test_support PRIVATE TOOLKIT_BINARY="$<TARGET_FILE:toolkit>")
  add_dependencies(test_support toolkit)
endif()
if(server_sources)
  add_library(test_servers STATIC ${server_sources})
  target_link_libraries(test_servers PUBLIC test_support toolkit_registry PRIVATE toolkit_flags)
  foreach(dialect ${TOOLKIT_DIALECTS})
    string(TOUPPER ${dialect} upper)
    target_link_libraries(test_servers PUBLIC toolkit_dialect_${dialect} ${client_${dialect}})
    target_compile_definitions(test_servers PUBLIC TOOLKIT_WITH_${upper})
  endforeach()
endif()

# toolkit_add_test(NAME COMMAND…). What every test prints is kept; the last test of each run, in whatever order and
# choice they run, searches all of it for the passwords that were used.
set(test_outputs "${PROJECT_BINARY_DIR}/test-outputs")
function(toolkit_add_test name)
  add_test(NAME ${name} COMMAND "${PROJECT_SOURCE_DIR}/tests/support/logged" ${name} ${ARGN}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED test_outputs
    ENVIRONMENT "TOOLKIT_TEST_OUTPUT_LOG=${test_outputs}")
endfunction()
add_test(NAME no_outputs_yet COMMAND "${CMAKE_COMMAND}" -E rm -rf "${test_outputs}")
add_test(NAME no_password_in_outputs COMMAND "${PROJECT_SOURCE_DIR}/tests/support/search_outputs" "${test_outputs}")
set_tests_properties(no_outputs_yet PROPERTIES FIXTURES_SETUP test_outputs)
set_tests_properties(no_password_in_outputs PROPERTIES FIXTURES_CLEANUP test_outputs)

# Tests of one dialect carry its name, and are left out with it.
set(left_out "^$")
foreach(dialect postgresql mysql sqlite)
  if(NOT dialect IN_LIST TOOLKIT_DIALECTS)
    string(APPEND left_out "|/tests/contract/${dialect}_[a-z_]*\\.cpp$")
  endif()
endforeach()

function(toolkit_test name folder)
  toolkit_room(${name} EXECUTABLE SOURCES ${folder}/*.cpp EXCLUDE "${left_out}" HEADERS <doctest/doctest.h>)
  # It holds doctest itself, which a header that was read before would leave out.
  set_source_files_properties("${PROJECT_SOURCE_DIR}/${folder}/main.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  if(NOT TARGET ${name})
    return()
  endif()
  target_compile_definitions(${name} PRIVATE TOOLKIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  foreach(library toolkit_core doctest::doctest nlohmann_json::nlohmann_json ${ARGN})
    if(TARGET ${library})
      target_link_libraries(${name} PRIVATE ${library})
    endif()
  endforeach()
  toolkit_add_test(${name} $<TARGET_FILE:${name}>)
endfunction()

toolkit_test(unit_tests tests/unit test_support)
# The lexical facts and the texts of the history of every dialect need no client library: they are tested for
# all of them in every build.
file(GLOB pure_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/dialects/*/script_syntax.cpp"
  "${PROJECT_SOURCE_DIR}/dialects/*/history_sql.cpp" "${PROJECT_SOURCE_DIR}/dialects/*/names.cpp")
if(TARGET unit_tests)
  target_sources(unit_tests PRIVATE ${pure_sources})
endif()
# The same entry runs under libFuzzer; here it takes the fixtures and a bounded number of variations of them.
file(GLOB script_syntaxes CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/dialects/*/script_syntax.cpp")
add_executable(scan_script_fuzz tests/fuzz/scan_script_fuzz.cpp tests/fuzz/standalone_main.cpp ${script_syntaxes})
target_link_libraries(scan_script_fuzz PRIVATE toolkit_core)
toolkit_add_test(fuzz_scan_script $<TARGET_FILE:scan_script_fuzz> tests/fixtures/scripts 20000 1)

if(TARGET unit_tests)
  # What is pure in a dialect (texts, mappings) is tested here too, in the builds that have it.
  foreach(dialect ${TOOLKIT_DIALECTS})
    string(TOUPPER ${dialect} upper)
    target_link_libraries(unit_tests PRIVATE toolkit_dialect_${dialect})
    target_compile_definitions(unit_tests PRIVATE TOOLKIT_WITH_${upper})
  endforeach()
endif()
toolkit_test(contract_tests tests/contract test_servers toolkit_testing)
toolkit_test(cli_tests tests/cli test_servers)
toolkit_test(crash_tests tests/crash test_servers)
toolkit_test(mutation_tests tests/mutation test_servers)

if(TOOLKIT_WITH_SQLITE)
  set(sanitizer_flags "")
  if(TOOLKIT_SANITIZE)
    set(sanitizer_flags "-fsanitize=${TOOLKIT_SANITIZE}")
  endif()
  foreach(installed package testing) # programs that use the installed package
    toolkit_add_test(${installed} "${CMAKE_COMMAND}" "-DBUILD=${PROJECT_BINARY_DIR}" "-DSOURCE=${PROJECT_SOURCE_DIR}"
      "-DWORK=${PROJECT_BINARY_DIR}/${installed}" "-DGENERATOR=${CMAKE_GENERATOR}" "-DCOMPILER=${CMAKE_CXX_COMPILER}"
      "-DFLAGS=${sanitizer_flags}" "-DSOCI_ROOT=${SOCI_ROOT}"
      -P "${PROJECT_SOURCE_DIR}/tests/${installed}/run.cmake")
  endforeach()
endif()
