#ifdef TOOLKIT_WITH_SQLITE

#include <doctest/doctest.h>

#include "../../dialects/sqlite/errors.hpp"
#include "../../dialects/sqlite/file_system.hpp"

using namespace toolkit::sqlite;

TEST_CASE("file systems of the network are known by their number") {
  CHECK(network_file_system(0x6969) == "NFS");
  CHECK(network_file_system(0xFFFFFFFFFF534D42UL) == "CIFS");  // sign-extended, as statfs gives it
  CHECK(network_file_system(0x65735546) == "FUSE");
  CHECK(network_file_system(0xEF53).empty());      // ext4
  CHECK(network_file_system(0x01021994).empty());  // tmpfs
  CHECK(network_file_system_of(":memory:").empty());
  CHECK(network_file_system_of("/proc/nowhere/file.db").empty());
}

TEST_CASE("DROP COLUMN on a library before 3.35 says which one it needs") {
  const char* const message = "near \"DROP\": syntax error";
  CHECK(advice_for_older_library(3'034'001, "-- x\nALTER TABLE t DROP COLUMN c", message) ==
        "DROP COLUMN needs SQLite 3.35, and this is 3.34.1: use a newer library, or rebuild the table in "
        "steps");
  CHECK(advice_for_older_library(3'035'000, "ALTER TABLE t DROP COLUMN c", message).empty());
  CHECK(advice_for_older_library(3'034'001, "CREATE TABLE DROP (a)", message).empty());
  CHECK(
      advice_for_older_library(3'034'001, "ALTER TABLE t ADD COLUMN c", "near \"x\": syntax error").empty());
}

#endif
