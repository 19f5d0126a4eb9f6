#include "mutant_file.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace toolkit::test {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(trimmed(text.substr(at, end - at)));
    at = end + separator.size();
  }
  return parts;
}

/// A line of the file with what continues it.
struct Entry {
  std::string text;
  int line = 0;
};

std::vector<Entry> entries_of(const std::string& text) {
  std::vector<Entry> entries;
  std::istringstream stream(text);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    const bool is_continuation = line.starts_with("  ") && !entries.empty();
    if (is_continuation) {
      entries.back().text += "\n" + line.substr(2);
    } else if (!line.empty() && line.front() != '#') {
      entries.push_back({line, number});
    }
  }
  return entries;
}

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  std::vector<MutationSet> read(const std::string& text) {
    for (const Entry& entry : entries_of(text)) {
      place_ = path_ + ":" + std::to_string(entry.line);
      take(entry.text);
    }
    return std::move(sets_);
  }

 private:
  void take(const std::string& text) {
    const std::string word = text.substr(0, text.find_first_of(" :"));
    const std::string rest = trimmed(text.substr(std::min(word.size(), text.size())));
    if (word == "set") {
      sets_.push_back({});
      set().name = rest;
      set().place = place_;
    } else if (word == "folder") {
      set().folder = rest;
    } else if (word == "strict") {
      set().is_strict = true;
    } else if (word == "parity") {
      set().is_parity = true;
    } else if (word == "independent") {
      set().is_independent = true;
    } else if (word == "pending") {
      set().pending = rest;
    } else if (word == "on") {
      (has_mutant() ? set().mutants.back().engines : set().engines) = split(rest, " ");
    } else if (word == "defect" || word == "harmless") {
      begin_mutant(rest, word == "harmless");
    } else if (word == "find") {
      take_finding(rest);
    } else if (word == "replace") {
      take_replacement(rest);
    } else if (word == "swap") {
      take_swap(rest);
    } else if (word == "write") {
      const std::size_t colon = rest.find(": ");
      require(colon != std::string::npos && has_mutant(), "`write FILE: TEXT`");
      set().mutants.back().replacements.push_back(
          {rest.substr(0, colon), "", "", rest.substr(colon + 2) + "\n"});
    } else if (word == "missed") {
      const std::size_t colon = rest.find(": ");
      require(colon != std::string::npos && has_mutant(), "`missed ENGINE: REASON`");
      set().mutants.back().misses[rest.substr(0, colon)] = rest.substr(colon + 2);
    } else {
      take_file(text);
    }
  }

  void begin_mutant(const std::string& title, bool is_harmless) {
    const std::size_t colon = title.find(": ");
    require(colon != std::string::npos, "a mutant is `kind: name`");
    Mutant mutant;
    mutant.set = set().name;
    mutant.kind = trimmed(title.substr(0, colon));
    mutant.name = trimmed(title.substr(colon + 2));
    mutant.is_harmless = is_harmless;
    mutant.place = place_;
    set().mutants.push_back(std::move(mutant));
  }

  void take_finding(const std::string& text) {
    static const std::regex form(R"(([a-z-]+) ([0-9]+): ([^]+))");
    std::smatch match;
    require(std::regex_match(text, match, form) && has_mutant(),
            "a finding is `find CHECK VERSION: TEXT && TEXT`");
    set().mutants.back().findings.push_back({match[1], match[2], split(match[3], " && ")});
  }

  void take_replacement(const std::string& text) {
    const std::size_t colon = text.find(": ");
    const std::size_t arrow = text.find(" => ");
    require(colon < arrow && arrow != std::string::npos && has_mutant(), "`replace FILE: TEXT => TEXT`");
    set().mutants.back().replacements.push_back(
        {text.substr(0, colon), "", text.substr(colon + 2, arrow - colon - 2), text.substr(arrow + 4)});
  }

  void take_swap(const std::string& text) {
    static const std::regex form(R"(([0-9]+) (up|down)(\.[0-9]+)?(?: (postgresql|mysql|mariadb|sqlite))?)"
                                 R"(: ([^]+) => ?([^]*))");
    std::smatch match;
    require(std::regex_match(text, match, form) && has_mutant(), "`swap 1 up: TEXT => TEXT`");
    const std::string zeros(4 - std::min<std::size_t>(match[1].length(), 4), '0');
    set().mutants.back().replacements.push_back(
        {zeros + match[1].str() + "_v.{engine}." + match[2].str() + match[3].str() + ".sql", match[4],
         match[5], match[6]});
  }

  void take_file(const std::string& text) {
    static const std::regex form(R"((?:([0-9]+) )?(up|down|schema|base)(?:\.([0-9]+))?)"
                                 R"((?: (postgresql|mysql|mariadb|sqlite))?:[ \n]?([^]*))");
    std::smatch match;
    require(std::regex_match(text, match, form), "no such entry: " + text);
    SetFile file{match[1], match[2], match[3], match[4], match[5], false};
    file.is_removed = trimmed(file.text) == "none";
    (has_mutant() ? set().mutants.back().files : set().files).push_back(std::move(file));
  }

  bool has_mutant() { return !set().mutants.empty(); }

  MutationSet& set() {
    require(!sets_.empty(), "`set NAME` comes first");
    return sets_.back();
  }

  void require(bool holds, const std::string& what) const {
    if (!holds) {
      throw std::runtime_error(place_ + ": " + what);
    }
  }

  std::string path_;
  std::string place_;
  std::vector<MutationSet> sets_;
};

}  // namespace

std::vector<MutationSet> read_sets(const std::string& text, const std::string& path) {
  return Reader(path).read(text);
}

std::vector<MutationSet> all_sets() {
  const std::filesystem::path folder = std::filesystem::path(TOOLKIT_SOURCE_DIR) / "tests/mutation/sets";
  std::vector<MutationSet> sets;
  for (const auto& [name, text] : read_files(folder)) {
    for (MutationSet& set : read_sets(text, name)) {
      sets.push_back(std::move(set));
    }
  }
  return sets;
}

}  // namespace toolkit::test
