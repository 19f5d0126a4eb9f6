# Finds SOCI 4.0 and 4.1, shared or static, without its own package configuration: Debian's and Ubuntu's 4.0.3
# have none, and 4.1's asks for every backend and Boost. Components: postgresql, mysql, sqlite.
#
# Input:   SOCI_ROOT, TOOLKIT_SOCI_STATIC
# Targets: ToolkitSOCI::core, ToolkitSOCI::<component>
# Sets:    ToolkitSOCI_VERSION, ToolkitSOCI_<component>_LIBRARY

set(_soci_hints "")
if(SOCI_ROOT)
  set(_soci_hints HINTS "${SOCI_ROOT}" NO_DEFAULT_PATH)
endif()
find_path(ToolkitSOCI_INCLUDE_DIR soci/soci.h PATH_SUFFIXES include ${_soci_hints})

set(_soci_suffixes "${CMAKE_FIND_LIBRARY_SUFFIXES}")
if(TOOLKIT_SOCI_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()
set(_soci_paths PATH_SUFFIXES lib lib64 "lib/${CMAKE_LIBRARY_ARCHITECTURE}" ${_soci_hints})
find_library(ToolkitSOCI_core_LIBRARY soci_core ${_soci_paths})
find_library(ToolkitSOCI_postgresql_LIBRARY soci_postgresql ${_soci_paths})
find_library(ToolkitSOCI_mysql_LIBRARY soci_mysql ${_soci_paths})
find_library(ToolkitSOCI_sqlite_LIBRARY soci_sqlite3 ${_soci_paths})
set(CMAKE_FIND_LIBRARY_SUFFIXES "${_soci_suffixes}")

if(ToolkitSOCI_INCLUDE_DIR)
  file(STRINGS "${ToolkitSOCI_INCLUDE_DIR}/soci/version.h" _soci_line REGEX "define SOCI_VERSION ")
  string(REGEX MATCH "[0-9]+" _soci_number "${_soci_line}")
  math(EXPR _soci_major "${_soci_number} / 100000")
  math(EXPR _soci_minor "${_soci_number} / 100 % 1000")
  math(EXPR _soci_patch "${_soci_number} % 100")
  set(ToolkitSOCI_VERSION "${_soci_major}.${_soci_minor}.${_soci_patch}")
endif()
foreach(_soci_component ${ToolkitSOCI_FIND_COMPONENTS})
  if(ToolkitSOCI_${_soci_component}_LIBRARY)
    set(ToolkitSOCI_${_soci_component}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ToolkitSOCI
  REQUIRED_VARS ToolkitSOCI_core_LIBRARY ToolkitSOCI_INCLUDE_DIR
  VERSION_VAR ToolkitSOCI_VERSION HANDLE_COMPONENTS)
mark_as_advanced(ToolkitSOCI_INCLUDE_DIR ToolkitSOCI_core_LIBRARY ToolkitSOCI_postgresql_LIBRARY
  ToolkitSOCI_mysql_LIBRARY ToolkitSOCI_sqlite_LIBRARY)

if(ToolkitSOCI_FOUND AND NOT TARGET ToolkitSOCI::core)
  find_package(Threads REQUIRED)
  add_library(ToolkitSOCI::core UNKNOWN IMPORTED)
  set_target_properties(ToolkitSOCI::core PROPERTIES
    IMPORTED_LOCATION "${ToolkitSOCI_core_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ToolkitSOCI_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS}")
  # A 4.0 that was configured with Boost says so in soci-config.h, and its headers then need Boost, on which
  # libsoci-dev does not depend. Boost adds inline templates only, no member and no exported function, so the
  # header is replaced by the two definitions that matter to a user.
  file(STRINGS "${ToolkitSOCI_INCLUDE_DIR}/soci/soci-config.h" _soci_boost REGEX "^#define SOCI_HAVE_BOOST$")
  if(ToolkitSOCI_VERSION VERSION_LESS 4.1 AND _soci_boost)
    set_target_properties(ToolkitSOCI::core PROPERTIES INTERFACE_COMPILE_DEFINITIONS
      "SOCICONFIG_H_INCLUDED;SOCI_HAVE_CXX11;SOCI_HAVE_VISIBILITY_SUPPORT")
  endif()
  foreach(_soci_component ${ToolkitSOCI_FIND_COMPONENTS})
    add_library(ToolkitSOCI::${_soci_component} UNKNOWN IMPORTED)
    set_target_properties(ToolkitSOCI::${_soci_component} PROPERTIES
      IMPORTED_LOCATION "${ToolkitSOCI_${_soci_component}_LIBRARY}"
      INTERFACE_LINK_LIBRARIES ToolkitSOCI::core)
  endforeach()
endif()
