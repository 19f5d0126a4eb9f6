#pragma once

#include <string>
#include <string_view>

namespace toolkit::postgresql {

/// Pure. An expression as the server writes it back once its own text has been read again. `x IN ('a', 'b')`
/// of a varchar is shown as `(ARRAY['a'::character varying, …])::text[]`, but what reads that text puts the
/// cast on each element and shows `ARRAY[('a'::character varying)::text, …]` from then on (transformArrayExpr
/// in its sources, 12 to 18). Without this a schema would differ from the one that its own dump makes.
std::string with_cast_elements(std::string_view expression);

}  // namespace toolkit::postgresql
