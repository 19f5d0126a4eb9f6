# Installs the build into an empty prefix, builds the example against it with find_package, and runs it twice:
# the first run applies the reference set to an SQLite file, the second has nothing to do.
# Variables: BUILD, SOURCE, WORK, GENERATOR, COMPILER, FLAGS, SOCI_ROOT
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " text)
    message(FATAL_ERROR "failed (${result}): ${text}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}/tests/package" -B "${WORK}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DSOCI_ROOT=${SOCI_ROOT}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")

set(example "${WORK}/build/package_example" "sqlite:${WORK}/example.db" "${SOURCE}/migrations")
run(${example})
if(NOT output MATCHES "^applied 1 ")
  message(FATAL_ERROR "the example did not apply the reference set:\n${output}")
endif()
run(${example})
if(NOT output STREQUAL "")
  message(FATAL_ERROR "the second run had something to do:\n${output}")
endif()
file(REMOVE_RECURSE "${WORK}")
