#include "../../src/run_mark.hpp"

#include <doctest/doctest.h>

using toolkit::mark_of;

TEST_CASE("only databases of marked runs of this server have a mark") {
  CHECK(mark_of("toolkit_v_mabc123"
                "0123456789_1",
                "abc123") == "toolkit_v_mabc1230123456789");
  CHECK(mark_of("toolkit_v_mabc123"
                "abcdef0123_42",
                "abc123") == "toolkit_v_mabc123abcdef0123");
  for (const char* name :
       {"toolkit_v_mabc1240123456789_1",  // of another server
        "toolkit_v_0123456789_1",         // of a run that is not marked, or was told to keep it
        "toolkit_v_mabc1230123456789",    // no number
        "toolkit_v_mabc1230123456789_", "toolkit_v_mabc1230123456789_1x", "toolkit_v_mabc1230123456789_1_2",
        "toolkit_v_mabc12301234567890_1",  // too long
        "toolkit_v_mabc123012345678_1",    // too short
        "toolkit_v_mabc123012345678G_1", "toolkit_v_mabc123012345678A_1", "my_toolkit_v_mabc1230123456789_1",
        "toolkit_v_", "toolkit_v_m", "", "shop"}) {
    CAPTURE(name);
    CHECK_FALSE(mark_of(name, "abc123"));
  }
}
