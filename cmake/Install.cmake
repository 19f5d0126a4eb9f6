# `cmake --install` and find_package(migration-toolkit). The target migration-toolkit::toolkit is everything that
# a program needs: core, the dialects of this build, and the registry that lists them. migration-toolkit::testing is
# that and toolkit/testing.hpp, for test suites.
include(CMakePackageConfigHelpers)

add_library(toolkit_library INTERFACE)
add_library(migration-toolkit::toolkit ALIAS toolkit_library)
target_link_libraries(toolkit_library INTERFACE toolkit_core toolkit_registry)

add_library(migration-toolkit::testing ALIAS toolkit_testing)

set(package_targets toolkit_library toolkit_core toolkit_registry toolkit_testing)
foreach(dialect ${TOOLKIT_DIALECTS})
  list(APPEND package_targets toolkit_dialect_${dialect})
endforeach()
foreach(target ${package_targets})
  string(REGEX REPLACE "^toolkit_" "" name ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(NOT target STREQUAL "toolkit_library")
    set_target_properties(${target} PROPERTIES OUTPUT_NAME migration-${target})
  endif()
endforeach()
set_target_properties(toolkit_library PROPERTIES EXPORT_NAME toolkit)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/migration-toolkit")
install(TARGETS ${package_targets} EXPORT migration-toolkit ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT migration-toolkit NAMESPACE migration-toolkit:: DESTINATION "${package_folder}"
  FILE migration-toolkit-targets.cmake)
install(DIRECTORY include/toolkit DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
if(TARGET toolkit)
  install(TARGETS toolkit RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

configure_package_config_file(cmake/migration-toolkit-config.cmake.in
  "${PROJECT_BINARY_DIR}/migration-toolkit-config.cmake" INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/migration-toolkit-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/migration-toolkit-config.cmake"
  "${PROJECT_BINARY_DIR}/migration-toolkit-config-version.cmake"
  cmake/FindToolkitSOCI.cmake cmake/FindToolkitMySQL.cmake
  DESTINATION "${package_folder}")
