#pragma once

#include <string>
#include <vector>

namespace toolkit {

enum class CiSystem { github, gitlab };

/// What a workflow that proves the set needs to know.
struct CiRequest {
  CiSystem system = CiSystem::github;
  std::vector<std::string> engines;  ///< flavours: postgresql, mysql, mariadb, sqlite
  std::string migrations;            ///< the folder, where toolkit.toml does not say it; may be empty
  std::string source;                ///< Git address of the toolkit; empty: a variable of the CI says it
};

/// Pure. Where each system looks for it: `.github/workflows/migrations.yml`, `.gitlab-ci.yml`.
std::string ci_path(CiSystem system);

/// Pure. The workflow: it builds the toolkit, starts the oldest and the newest supported server of each
/// engine, a run for each, and runs `toolkit verify` on all of them at once, so that parity is part of it;
/// the JUnit file is kept. Throws Error(usage) without engines or for one that is none, and for a folder or
/// an address with quotes or line feeds.
std::string ci_text(const CiRequest& request);

}  // namespace toolkit
