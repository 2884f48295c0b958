/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_seal.h"
#include "core/keys/detail/key_text.h"
#include "core/keys/detail/transfer_text.h"
#include "core/keys/key_error.h"
#include "core/keys/key_file.h"
#include "core/keys/key_state.h"

#include <sodium.h>

#include <string_view>
#include <algorithm>
#include <array>
#include <vector>

namespace securevoice::detail {

namespace {

constexpr std::string_view first_words = first_words_of_key;
// For what is in no key file. No character of UTF-8 begins with it.
constexpr char foreign = '\xFF';

class octet_writer
{
public:
    explicit octet_writer(std::size_t room) : d_text{ secret_memory(room + 1), 0, false }
    {
    }
    void put(char c)
    {
        d_text.octets.data()[d_text.count++] = static_cast<std::uint8_t>(c);
    }
    void put(std::string_view text)
    {
        for (const char c : text)
            put(c);
    }
    stored_text take() { return std::move(d_text); }

private:
    stored_text d_text;
};

std::string_view view_of(const stored_text& text)
{
    return { reinterpret_cast<const char*>(text.octets.data()), text.count };
}

// A character as a key file has it; 0: it shows nothing and goes.
char ascii_of(std::uint32_t c)
{
    switch (c) {
    case '\t':
    case 0x00A0: // no-break space
    case 0x202F: // narrow one
    case 0x3000: // ideographic one
        return ' ';
    case '\v':
    case '\f':
    case 0x0085: // next line
    case 0x2028: // line separator
    case 0x2029: // paragraph separator
        return '\n';
    case 0x00AD: // soft hyphen
    case 0x001A: // end of a file of DOS
    case 0x200B: // of no width: space,
    case 0x200C: // non-joiner,
    case 0x200D: // joiner,
    case 0x2060: // word joiner,
    case 0xFEFF: // byte order mark
        return 0;
    case 0x2010: // hyphen
    case 0x2011: // non-breaking one
        return '-';
    default:
        break;
    }
    if (c >= 0x2000 && c <= 0x200A) // spaces of all widths
        return ' ';
    const bool known = c == '\n' || (c >= ' ' && c < 0x7F);
    return known ? static_cast<char>(c) : foreign;
}

// Takes the characters of a text one by one. What is no UTF-8 is taken for Latin-1.
class character_reader
{
public:
    explicit character_reader(std::string_view text) : d_text(text)
    {
        const auto octet = [&](std::size_t n) {
            return n < text.size() ? static_cast<unsigned char>(text[n]) : 1;
        };
        // With a mark as Notepad writes it; and without: a key file begins with ASCII.
        if ((octet(0) == 0xFF && octet(1) == 0xFE) || (octet(0) != 0 && octet(1) == 0))
            d_wide = little;
        else if ((octet(0) == 0xFE && octet(1) == 0xFF) || octet(0) == 0)
            d_wide = big;
    }
    bool at_end() const { return d_at >= d_text.size(); }
    std::uint32_t next() { return d_wide == narrow ? utf_8() : utf_16(); }

private:
    enum width { narrow, little, big };

    std::uint32_t octet(std::size_t n) const
    {
        return n < d_text.size() ? static_cast<unsigned char>(d_text[n]) : 0;
    }
    std::uint32_t utf_16()
    {
        const auto one = octet(d_at), two = octet(d_at + 1);
        d_at += 2;
        return d_wide == little ? one | two << 8 : one << 8 | two;
    }
    std::uint32_t utf_8()
    {
        const auto first = octet(d_at++);
        const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC0 || d_at + more > d_text.size())
            return first;
        std::uint32_t c = first & (0x3FU >> more);
        for (std::size_t n = 0; n < more; ++n) {
            if ((octet(d_at + n) & 0xC0U) != 0x80)
                return first;
            c = c << 6 | (octet(d_at + n) & 0x3FU);
        }
        d_at += more;
        return c;
    }

    std::string_view d_text;
    std::size_t d_at = 0;
    width d_wide = narrow;
};

// ASCII, with line ends as key files have them.
stored_text plain_text(const stored_text& received)
{
    character_reader characters(view_of(received));
    octet_writer out(received.count);
    for (bool after_return = false; !characters.at_end();) {
        const auto c = characters.next();
        if (c == '\r')
            out.put('\n');
        else if (const auto ascii = ascii_of(c);
                 ascii != 0 && !(c == '\n' && after_return))
            out.put(ascii);
        after_return = c == '\r';
    }
    return out.take();
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

// RFC 2045, 6.7
stored_text without_quoted_printable(const stored_text& received)
{
    const auto text = view_of(received);
    const auto at = [text](std::size_t n) { return n < text.size() ? text[n] : '\0'; };
    octet_writer out(received.count);
    for (std::size_t n = 0; n < text.size(); ++n) {
        const auto high = hex_value(at(n + 1)), low = hex_value(at(n + 2));
        if (text[n] != '=')
            out.put(text[n]);
        else if (at(n + 1) == '\n')
            n += 1;
        else if (at(n + 1) == '\r' && at(n + 2) == '\n')
            n += 2;
        else if (high >= 0 && low >= 0) {
            out.put(static_cast<char>(high << 4 | low));
            n += 2;
        } else
            out.put('=');
    }
    return out.take();
}

namespace {

struct text_line {
    std::string_view text; // without quoting, and blanks at its ends
    unsigned number;       // from 1
};

std::vector<text_line> lines_of(std::string_view text)
{
    std::vector<text_line> lines;
    for (unsigned number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(" >"), line.size()));
        line = line.substr(0, line.find_last_not_of(' ') + 1);
        constexpr std::string_view zbarimg = "QR-Code:";
        if (line.substr(0, zbarimg.size()) == zbarimg)
            line.remove_prefix(zbarimg.size());
        lines.push_back({ line, number });
    }
    return lines;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letters(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

bool all_hex(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return hex_value(c) >= 0;
    });
}

bool is_first_line(std::string_view line)
{
    const auto number = line.substr(std::min(first_words.size(), line.size()));
    return same_letters(line.substr(0, first_words.size()), first_words) &&
           !number.empty() && std::all_of(number.begin(), number.end(), [](char c) {
               return c >= '0' && c <= '9';
           });
}

struct known_field {
    std::string_view label;
    std::size_t digits; // hexadecimal ones; 0: it has others
};
constexpr std::array<known_field, 8> known_fields{
    known_field{ "name", 0 },
    known_field{ "state", 0 },
    known_field{ "passes", 0 },
    known_field{ "memory", 0 },
    known_field{ "salt", 2 * std::tuple_size<decltype(sealed_key::salt)>::value },
    known_field{ "nonce", 2 * std::tuple_size<decltype(sealed_key::nonce)>::value },
    known_field{ "sealed", 2 * std::tuple_size<decltype(sealed_key::box)>::value },
    known_field{ "key", 2 * secret_key::size }
};

std::string_view trimmed(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string_view label_of(std::string_view line)
{
    const auto colon = line.find(':');
    return colon == std::string_view::npos ? "" : trimmed(line.substr(0, colon));
}

const known_field* field_of(std::string_view line)
{
    const auto label = label_of(line);
    const auto* found =
        std::find_if(known_fields.begin(), known_fields.end(), [label](const auto& f) {
            return same_letters(f.label, label);
        });
    return found == known_fields.end() ? nullptr : found;
}

// Finds the lines of one key file among others.
class key_file_finder
{
public:
    key_file_finder(std::string_view text, const std::string& source)
        : d_lines(lines_of(text)), d_source(source), d_out(text.size() + 64)
    {
    }

    std::optional<stored_text> find()
    {
        const auto first = first_line();
        if (!first)
            return std::nullopt;
        d_out.put(first_words);
        d_out.put(d_lines[*first].text.substr(first_words.size()));
        for (auto n = *first + 1; n < d_lines.size(); ++n)
            take(d_lines[n]);
        d_out.put('\n');
        return d_out.take();
    }

private:
    [[noreturn]] void refuse(const text_line& line, const std::string& what) const
    {
        throw key_error("line " + std::to_string(line.number) + " of '" + d_source +
                        "' " + what);
    }

    std::optional<std::size_t> first_line() const
    {
        std::optional<std::size_t> found;
        for (std::size_t n = 0; n < d_lines.size(); ++n) {
            if (!is_first_line(d_lines[n].text))
                continue;
            if (found)
                refuse(d_lines[n],
                       "begins a second key: take out what belongs to one of them");
            found = n;
        }
        const auto words = first_words.substr(0, first_words.size() - 1);
        for (const auto& line : d_lines)
            if (!found && line.text.find(words) != std::string_view::npos)
                refuse(line,
                       "holds more than 'gr-securevoice key' and a number: put each line "
                       "of the key on a line of its own, without anything beside it");
        return found;
    }

    bool is_last() const { return d_field->label == "key" || d_field->label == "sealed"; }
    bool complete() const
    {
        return d_field->digits != 0 ? d_digits >= d_field->digits : d_digits > 0;
    }

    void take(const text_line& line)
    {
        if (line.text.empty()) {
            d_below = false;
            return;
        }
        if (d_ended) {
            check_below(line);
            return;
        }
        check_characters(line);
        const auto* next = field_of(line.text);
        if (next && d_fields < known_fields.size())
            begin(*next, trimmed(line.text.substr(line.text.find(':') + 1)));
        else if (d_field && d_field->digits != 0 && !complete() && all_hex(line.text))
            add(line.text); // wrapped
        else if (d_field && d_digits == 0)
            add(line.text); // wrapped behind the colon
        else if (d_field && d_field->label == "state" && !key_state::from_text(d_state))
            add_word(line.text);
        else
            refuse(
                line,
                "is none of a key file and stands in the midst of one: take it out, or "
                "have the key exported again");
        d_ended = is_last() && complete();
        d_below = d_ended;
    }

    // A signature or the rest of a mail is passed over, but not what may belong to the
    // key.
    void check_below(const text_line& line)
    {
        const auto* field = field_of(line.text);
        if (field && (field->label == "key" || field->label == "sealed") &&
            holds_digits(line.text))
            refuse(line, "begins a second key: take out what belongs to one of them");
        const auto label = label_of(line.text);
        const bool word =
            !label.empty() && label.find(' ') == std::string_view::npos &&
            std::all_of(label.begin(), label.end(), [](char c) { return c != foreign; });
        if (d_below && (word || all_hex(line.text)))
            refuse(
                line,
                "stands directly below the key and looks like a part of it, which this "
                "program does not know: put a blank line between them if it is none");
        d_below = false;
    }

    void check_characters(const text_line& line) const
    {
        if (line.text.find(foreign) != std::string_view::npos)
            refuse(line,
                   "holds a character that no key file has (they are in ASCII): have the "
                   "key exported again, and send it as a file");
    }

    void begin(const known_field& field, std::string_view value)
    {
        ++d_fields;
        d_out.put('\n');
        d_out.put(field.label);
        d_out.put(": ");
        d_field = &field;
        d_digits = 0;
        add(value);
    }

    static bool holds_digits(std::string_view line)
    {
        const auto value = trimmed(line.substr(line.find(':') + 1));
        return value.empty() || all_hex(value);
    }

    void add(std::string_view part)
    {
        for (const char c : part)
            d_out.put(d_field->digits != 0 ? lower(c) : c);
        d_digits += part.size();
        if (d_field->label == "state")
            d_state += part;
    }
    void add_word(std::string_view part)
    {
        d_out.put(' ');
        d_state += ' ';
        add(part);
    }

    std::vector<text_line> d_lines;
    const std::string& d_source;
    octet_writer d_out;
    const known_field* d_field = nullptr;
    std::size_t d_fields = 0; // begun
    std::size_t d_digits = 0; // characters of the field's value
    std::string d_state;
    bool d_ended = false;
    bool d_below = false; // no blank line since the key's end
};

} // namespace

bare_text bare_digits(const stored_text& received)
{
    const auto text = plain_text(received);
    bare_text bare{ secret_memory(text.count + 1), 0 };
    for (const auto& line : lines_of(view_of(text))) {
        if (line.text == "--") // a signature begins
            break;
        for (const char c : line.text) {
            const bool digit = hex_value(c) >= 0 || (c >= 'g' && c <= 'z') ||
                               (c >= 'G' && c <= 'Z') || c == '+' || c == '/' ||
                               c == '-' || c == '_' || c == '=';
            if (!digit)
                return { secret_memory(1), 0 };
            bare.octets.data()[bare.count++] = static_cast<std::uint8_t>(c);
        }
    }
    return bare;
}

std::optional<stored_text> key_file_in(const stored_text& received,
                                       const std::string& source)
{
    const auto text = plain_text(without_quoted_printable(received));
    return key_file_finder(view_of(text), source).find();
}

} // namespace securevoice::detail
