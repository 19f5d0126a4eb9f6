# Finds the client library of MySQL or MariaDB: the one that SOCI's backend was linked with, because the
# connection handle passes between the two, and libmysqlclient's is laid out differently from libmariadb's.
# Where that cannot be seen (a static backend), libmariadb comes first.
#
# Input:  ToolkitSOCI_mysql_LIBRARY, TOOLKIT_MYSQL_CLIENT (mariadb or mysqlclient; decided here when empty)
# Target: ToolkitMySQL::client

set(TOOLKIT_MYSQL_CLIENT "" CACHE STRING "Client library: mariadb or mysqlclient; empty: the one SOCI uses")
set(_mysql_names ${TOOLKIT_MYSQL_CLIENT})
if(NOT _mysql_names AND ToolkitSOCI_mysql_LIBRARY MATCHES "\\.so" AND CMAKE_READELF)
  execute_process(COMMAND "${CMAKE_READELF}" -d "${ToolkitSOCI_mysql_LIBRARY}"
    OUTPUT_VARIABLE _mysql_needed ERROR_QUIET)
  if(_mysql_needed MATCHES "libmysqlclient\\.so")
    set(_mysql_names mysqlclient)
  elseif(_mysql_needed MATCHES "libmariadb\\.so")
    set(_mysql_names mariadb)
  endif()
endif()
if(NOT _mysql_names)
  set(_mysql_names mariadb mysqlclient)
endif()

find_library(ToolkitMySQL_LIBRARY NAMES ${_mysql_names} PATH_SUFFIXES mariadb mysql)
if(ToolkitMySQL_LIBRARY MATCHES "mysqlclient")
  set(_mysql_suffixes mysql)
else()
  set(_mysql_suffixes mariadb)
endif()
find_path(ToolkitMySQL_INCLUDE_DIR mysql.h PATH_SUFFIXES ${_mysql_suffixes})

include(FindPackageHandleStandardArgs)
list(JOIN _mysql_names " or lib" _mysql_text)
find_package_handle_standard_args(ToolkitMySQL
  REQUIRED_VARS ToolkitMySQL_LIBRARY ToolkitMySQL_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "looked for lib${_mysql_text} and its headers")
mark_as_advanced(ToolkitMySQL_LIBRARY ToolkitMySQL_INCLUDE_DIR)

if(ToolkitMySQL_FOUND AND NOT TARGET ToolkitMySQL::client)
  add_library(ToolkitMySQL::client UNKNOWN IMPORTED)
  set_target_properties(ToolkitMySQL::client PROPERTIES
    IMPORTED_LOCATION "${ToolkitMySQL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ToolkitMySQL_INCLUDE_DIR}")
endif()
