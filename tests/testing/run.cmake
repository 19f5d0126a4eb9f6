# Installs the build into an empty prefix, builds the examples of each test framework that is here against it, and runs
# them: what passes on every engine, and one test that fails, whose output is compared whole with expected/.
# Variables: BUILD, SOURCE, WORK, GENERATOR, COMPILER, FLAGS, SOCI_ROOT; CATCH2_ROOT for another Catch2
cmake_minimum_required(VERSION 3.25)
set(here "${SOURCE}/tests/testing")

# run(passes|fails COMMAND…); what failing ends with differs: 1, or 42 for Catch2 from 3.7 on.
function(run expected)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${here}"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  list(JOIN ARGN " " text)
  if((expected STREQUAL passes AND NOT result EQUAL 0) OR (expected STREQUAL fails AND NOT result MATCHES "^(1|42)$"))
    message(FATAL_ERROR "ended with ${result}, but it ${expected}: ${text}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# What differs from machine to machine: paths, times, versions.
function(compare name)
  string(REPLACE "${here}/" "" output "${output}")
  string(REPLACE "${WORK}/build/" "" output "${output}")
  string(REGEX REPLACE "SQLite [0-9.]+" "SQLite V" output "${output}")
  string(REGEX REPLACE "[0-9]+ ms" "N ms" output "${output}")
  string(REGEX REPLACE "v[0-9]+\\.[0-9]+\\.[0-9]+(-[a-z0-9]+)?( host application| is a Catch)" "vV\\2" output "${output}")
  string(REGEX REPLACE "doctest version is \"[0-9.]+\"" "doctest version is \"V\"" output "${output}")
  string(REGEX REPLACE "Randomness seeded to: [0-9]+" "Randomness seeded to: N" output "${output}")
  string(REGEX REPLACE "Running main\\(\\) from [^\n]*\n" "" output "${output}")
  string(REGEX REPLACE "toolkit: tests do not run on [^\n]*\n" "" output "${output}")
  set(expected_file "${here}/expected/${name}.txt")
  if(DEFINED ENV{TOOLKIT_UPDATE_GOLDEN})
    file(WRITE "${expected_file}" "${output}")
  endif()
  set(expected "")
  if(EXISTS "${expected_file}")
    file(READ "${expected_file}" expected)
  endif()
  # GoogleTest 1.13 and newer leave a line empty that older ones do not.
  foreach(text output expected)
    string(REGEX REPLACE "\n\n+" "\n" ${text} "${${text}}")
  endforeach()
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "the output of the failing test is not ${expected_file}:\n${output}")
  endif()
endfunction()

# The guide shows the examples as they are.
file(READ "${SOURCE}/docs/testing.md" guide)
foreach(framework doctest googletest catch2)
  file(READ "${here}/${framework}_example.cpp" code)
  string(FIND "${guide}" "${code}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "docs/testing.md does not show ${framework}_example.cpp as it is")
  endif()
endforeach()

file(REMOVE_RECURSE "${WORK}")
run(passes "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
run(passes "${CMAKE_COMMAND}" -S "${here}" -B "${WORK}/build" -G "${GENERATOR}" -DCMAKE_BUILD_TYPE=Debug
  "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCatch2_ROOT=${CATCH2_ROOT}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DSOCI_ROOT=${SOCI_ROOT}")
run(passes "${CMAKE_COMMAND}" --build "${WORK}/build")

set(fails_doctest --no-skip -tc=*forgets*)
set(fails_googletest --gtest_also_run_disabled_tests --gtest_filter=Broken.*)
set(fails_catch2 "[broken]")
foreach(framework doctest googletest catch2)
  set(example "${WORK}/build/${framework}_example")
  if(NOT EXISTS "${example}")
    message("SKIPPED: the test suite example for ${framework}: it is not installed")
    continue()
  endif()
  run(passes "${example}")
  string(REGEX MATCHALL "toolkit: tests do not run on [^\n]*" left_out "${output}")
  message("${framework}: passed ${left_out}")
  run(fails "${example}" ${fails_${framework}})
  set(name ${framework})
  if(output MATCHES "Randomness seeded") # Catch2 3 has a line more than 2
    set(name catch2-3)
  endif()
  compare(${name})
endforeach()
file(REMOVE_RECURSE "${WORK}")
