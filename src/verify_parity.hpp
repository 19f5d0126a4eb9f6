#pragma once

#include <vector>

#include "toolkit/verify.hpp"

namespace toolkit {

/// Holds the migrated catalogs of the engines that ended against the first one's, and the versions of the set
/// on each of them. Reads the files; touches no server. Throws Error(files).
VerifyParity verify_parity(const Registry& dialects, const std::vector<EngineReport>& engines,
                           const VerifyOptions& options);

}  // namespace toolkit
