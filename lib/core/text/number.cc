/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/text/number.h"

#include <string_view>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr std::size_t most_numbers = 10000;
// From here on a double passes over whole numbers.
constexpr double most_whole = 9007199254740992; // 2^53

[[noreturn]] void refuse(const std::string& what, const std::string& text)
{
    std::string why;
    if (text.empty())
        why = "nothing";
    else
        why = "'" + text + "'";
    if (text.find(',') != std::string::npos)
        why += ": its decimal point is a point, and it is one number";
    else if (!text.empty() && (text.back() == 'm' || text.back() == 'g'))
        why += ": a million is M, a thousand million is G";
    throw std::invalid_argument(what +
                                " is a number, such as 48000, 48k or 433.5M, not " + why);
}

std::string trimmed(const std::string& text)
{
    constexpr const char* blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string::npos)
        return "";
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Decimal exponent of a suffix; 0: there is none.
int exponent_of(char suffix)
{
    switch (suffix) {
    case 'k':
    case 'K':
        return 3;
    case 'M':
        return 6;
    case 'G':
        return 9;
    default:
        return 0;
    }
}

std::vector<std::string> split(const std::string& text, char at)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (auto end = text.find(at); end != std::string::npos; end = text.find(at, begin)) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

[[noreturn]] void refuse_range(const std::string& what, const std::string& range)
{
    throw std::invalid_argument(what + " has a range '" + range +
                                "': write FIRST:LAST:STEP, upwards, such as 36:38:0.5");
}

[[noreturn]] void too_many(const std::string& what)
{
    throw std::invalid_argument(what + " has more than " + std::to_string(most_numbers) +
                                " numbers: take a larger step");
}

void add_range(const std::string& range,
               const std::string& what,
               std::vector<double>& numbers)
{
    const auto parts = split(range, ':');
    if (parts.size() != 3)
        refuse_range(what, range);
    std::array<double, 3> ends;
    for (std::size_t n = 0; n < ends.size(); ++n)
        ends[n] = number_from_text(parts[n], what);
    const auto [first, last, step] = ends;
    if (!(step > 0) || last < first)
        refuse_range(what, range);
    // 36:38:0.1 ends with 38, though 20 times 0.1 is a little more than 2.
    const double steps = std::floor((last - first) / step + 1e-9);
    if (!(steps < static_cast<double>(most_numbers - numbers.size())))
        too_many(what);
    for (double n = 0; n <= steps; ++n)
        numbers.push_back(first + n * step);
}

} // namespace

double number_from_text(const std::string& written, const std::string& what)
{
    const auto text = trimmed(written);
    auto digits = text;
    int exponent = digits.empty() ? 0 : exponent_of(digits.back());
    if (exponent != 0)
        digits.pop_back();
    if (!digits.empty() && digits[0] == '+' && digits.size() > 1 && digits[1] != '-')
        digits.erase(0, 1);
    // As an exponent: 445.95625M is the double nearest to it, which a product need not
    // be.
    if (exponent != 0 && digits.find_first_of("eE") == std::string::npos &&
        !digits.empty()) {
        digits += "e" + std::to_string(exponent);
        exponent = 0;
    }
    double value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || digits.empty())
        refuse(what, text);
    if (exponent != 0)
        value *= std::pow(10.0, exponent);
    if (!std::isfinite(value))
        refuse(what, text);
    return value;
}

long long whole_number_from_text(const std::string& text, const std::string& what)
{
    const auto value = number_from_text(text, what);
    if (value != std::floor(value) || std::abs(value) > most_whole)
        throw std::invalid_argument(what + " is a whole number, such as 12 or 1k, not '" +
                                    trimmed(text) + "'");
    return static_cast<long long>(value);
}

std::vector<double> numbers_from_text(const std::string& text, const std::string& what)
{
    std::vector<double> numbers;
    for (const auto& part : split(text, ',')) {
        if (numbers.size() >= most_numbers)
            too_many(what);
        if (part.find(':') != std::string::npos)
            add_range(part, what, numbers);
        else
            numbers.push_back(number_from_text(part, what));
    }
    return numbers;
}

} // namespace securevoice
