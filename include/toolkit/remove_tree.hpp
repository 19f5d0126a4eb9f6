#pragma once

namespace toolkit {

/// Removes a folder and all below it without following symbolic links. Only async-signal-safe calls, so that
/// a forked child of a program with threads may use it. False when something is left; true when there was
/// nothing. Safe to repeat.
bool remove_tree(const char* path) noexcept;

}  // namespace toolkit
