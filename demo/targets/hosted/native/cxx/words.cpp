// SPDX-License-Identifier: MIT OR Apache-2.0

#include <algorithm>
#include <cstddef>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

/// The most frequent word of a text; the first in the alphabet among equals.
std::string most_frequent(const std::string &text) {
    std::map<std::string, std::size_t> counts;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) {
        ++counts[word];
    }
    if (counts.empty()) {
        throw std::invalid_argument("a text without words");
    }
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto &a, const auto &b) {
        return a.second < b.second;
    });
    return most->first;
}

void copy(const std::string &from, char *to, std::size_t capacity) {
    if (from.size() >= capacity) {
        throw std::length_error("no room for " + std::to_string(from.size()) + " characters");
    }
    *std::copy(from.begin(), from.end(), to) = '\0';
}

}  // namespace

/// Writes the most frequent word, or what is wrong with the text, as a C string; says whether it is the word.
extern "C" bool words_most_frequent(const char *text, char *result, std::size_t capacity) {
    try {
        copy(most_frequent(text), result, capacity);
        return true;
    } catch (const std::exception &error) {
        copy(error.what(), result, capacity);
        return false;
    }
}
