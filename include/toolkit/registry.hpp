#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "toolkit/dialect.hpp"

namespace toolkit {

/// The dialects of a build: an explicit list, see `builtin_dialects`.
class Registry {
 public:
  explicit Registry(std::vector<std::unique_ptr<Dialect>> dialects);

  /// Throws Error(configuration) for a scheme that no built-in dialect serves, listing those that are.
  const Dialect& for_url(const DatabaseUrl& url) const;

  /// The dialect that has this flavour (aliases are read). Throws Error(configuration) when none is built in.
  const Dialect& for_flavour(std::string_view flavour) const;

  const std::vector<std::unique_ptr<Dialect>>& all() const { return dialects_; }

 private:
  std::vector<std::unique_ptr<Dialect>> dialects_;
};

/// The dialects compiled into the library, explicitly listed (TOOLKIT_WITH_… options of the build).
Registry builtin_dialects();

}  // namespace toolkit
