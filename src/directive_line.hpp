#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace toolkit {

/// Pure. The words that a directive may begin with, and those kept for later.
const std::vector<std::string>& known_directive_words();
const std::vector<std::string>& reserved_directive_words();

/// Pure. Whether a comment's text begins as a directive does: `--`, at least one blank or tab, `toolkit:`.
bool is_directive(std::string_view comment);

/// Pure. Whether a comment is no directive but was surely meant as one: `--toolkit: …`, `-- Toolkit: …`,
/// `-- toolkit : …`, `# toolkit: …`, `/* toolkit: … */`, or a known word without the colon
/// (`-- toolkit no-transaction`). Prose that only mentions the toolkit is none.
bool resembles_directive(std::string_view comment);

/// Pure. What follows `toolkit:` in the first line of a directive, or of a comment that resembles one;
/// trimmed.
std::string_view directive_text(std::string_view comment);

}  // namespace toolkit
