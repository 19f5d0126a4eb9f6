// Runs a fuzz entry without libFuzzer: fuzz FOLDER [COUNT [SEED]] takes every *.sql below FOLDER for every
// flavour, then COUNT random variations of them. The seed is printed; the same seed gives the same inputs. An
// input that fails is left in fuzz-failure.bin of the current folder.

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer gives the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t flavours = 5;
constexpr std::size_t longest = 4096;

std::string current;  // read by the signal handler

extern "C" void save_current(int signal) {
  if (std::FILE* file = std::fopen("fuzz-failure.bin", "wb")) {
    std::fwrite(current.data(), 1, current.size(), file);
    std::fclose(file);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(char flavour, const std::string& text) {
  current = flavour + text;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".sql") {
      std::ifstream file(entry.path(), std::ios::binary);
      texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  return texts;
}

const std::vector<std::string> fragments = {"'",
                                            "\"",
                                            "`",
                                            "[",
                                            "]",
                                            "$$",
                                            "$a$",
                                            "/*",
                                            "*/",
                                            "/*!50003 ",
                                            "/*M!",
                                            "--",
                                            "-- ",
                                            "#",
                                            "\n",
                                            "\r",
                                            "\r\n",
                                            ";",
                                            ";;",
                                            "(",
                                            ")",
                                            "\\",
                                            "E'",
                                            "BEGIN ",
                                            "END ",
                                            "CASE ",
                                            "IF ",
                                            "THEN ",
                                            "LOOP ",
                                            "DELIMITER //\n",
                                            "//",
                                            "CREATE TRIGGER t ",
                                            "CREATE PROCEDURE p() ",
                                            "ATOMIC ",
                                            "NOT ",
                                            "DECLARE EXIT HANDLER FOR ",
                                            "SET ",
                                            "autocommit",
                                            "COPY t FROM STDIN",
                                            "\n-- toolkit: ",
                                            "CREATE PACKAGE k ",
                                            ":",
                                            "=",
                                            "@",
                                            ".",
                                            "\xEF\xBB\xBF",
                                            "\xC2\xA0",
                                            "\xFF",
                                            "COMMIT",
                                            "SELECT 1"};

class Variations {
 public:
  Variations(std::vector<std::string> corpus, std::uint64_t seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  std::string next() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
      change(text);
    }
    return text.substr(0, longest);
  }

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

 private:
  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, fragments[below(fragments.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(8));
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(40)));
        break;
      default: {
        const std::string& other = corpus_[below(corpus_.size())];
        text = text.substr(0, at) + other.substr(below(other.size() + 1));
      }
    }
  }

  std::vector<std::string> corpus_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FOLDER [COUNT [SEED]]\n", argv[0]);
    return 2;
  }
  std::signal(SIGABRT, save_current);
  std::signal(SIGSEGV, save_current);
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  const std::uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20'000;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : std::random_device()();
  std::printf("%zu files, %llu variations, seed %llu\n", corpus.size(),
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(seed));
  if (corpus.empty()) {
    return 1;
  }
  for (const std::string& text : corpus) {
    for (std::size_t flavour = 0; flavour < flavours; ++flavour) {
      run(static_cast<char>(flavour), text);
    }
  }
  Variations variations(corpus, seed);
  for (std::uint64_t i = 0; i < count; ++i) {
    run(static_cast<char>(variations.below(flavours)), variations.next());
  }
  std::puts("every input held");
  return 0;
}
