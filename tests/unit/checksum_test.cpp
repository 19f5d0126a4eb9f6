// The values here are persistent: databases in the field hold them. They were computed with sha256sum.

#include "toolkit/checksum.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace toolkit;

namespace {

const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string select_1 = "17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a";
const std::string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

TEST_CASE("sha256 is that of FIPS 180-4") {
  CHECK(sha256_hex("abc") == abc);
  CHECK(sha256_hex("") == empty);
  CHECK(sha256("abc")[0] == 0xBA);
}

TEST_CASE("the checksum of a text does not depend on how it was saved") {
  CHECK(checksum_of_text("SELECT 1;") == "sha256:" + select_1);
  CHECK(checksum_of_text("\xEF\xBB\xBF SELECT 1;\r\n\v\f\t ") == "sha256:" + select_1);
  CHECK(checksum_of_text("-- toolkit: no-transaction\n\n  -- toolkit: ignore a b\r\nSELECT 1;\n") ==
        "sha256:" + select_1);
  CHECK(checksum_of_text("") == "sha256:" + empty);
  CHECK(checksum_of_text("-- toolkit: irreversible gone") == "sha256:" + empty);
}

TEST_CASE("the canonical text keeps everything else") {
  CHECK(canonical_text("a\r\nb\rc\n\n") == "a\nb\nc");
  CHECK(canonical_text("a\r\r\nb") == "a\n\nb");
  CHECK(canonical_text("SELECT 1;\n-- toolkit: no-transaction\n") == "SELECT 1;\n-- toolkit: no-transaction");
  CHECK(canonical_text("-- a\n-- toolkit: x\n-- b\nSELECT 1") == "-- a\n-- b\nSELECT 1");
  CHECK(canonical_text("/* a\n-- toolkit: x\n*/\n# b\n-- toolkit: y\nc") ==
        "/* a\n-- toolkit: x\n*/\n# b\nc");
  CHECK(canonical_text("/* a */ -- toolkit: x\nc") == "/* a */ -- toolkit: x\nc");
  CHECK(canonical_text("/*! a */\n-- toolkit: x\nc") == "/*! a */\n-- toolkit: x\nc");
  CHECK(canonical_text("/* never\n-- toolkit: x\n") == "/* never\n-- toolkit: x");
  CHECK(canonical_text("--toolkit: x\nc") == "--toolkit: x\nc");
  CHECK(canonical_text("\xC2\xA0 a") == "\xC2\xA0 a");
  CHECK(canonical_text("\xEF\xBB\xBF\xEF\xBB\xBF a") == "\xEF\xBB\xBF a");
}

TEST_CASE("the checksum of one step is its own, of several that of their values") {
  CHECK(checksum_of_steps({"sha256:" + abc}) == "sha256:" + abc);
  CHECK(checksum_of_steps({"sha256:" + abc, "sha256:" + select_1}) ==
        "sha256:34f5e3a427d4877447cb75607e1421f0cb9a243ab0331930bbd432105452cdca");
}
