/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_sigmf.h"
#include "io/sigmf_archive.h"

#include "core/system/reason.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace securevoice::apps {

namespace {

using nlohmann::json;

struct known_datatype {
    const char* name;
    iq_encoding encoding;
};

constexpr std::array<known_datatype, 4> datatypes = { {
    { "cf32_le", iq_encoding::cf32 },
    { "ci16_le", iq_encoding::cs16 },
    { "ci8", iq_encoding::cs8 },
    { "cu8", iq_encoding::cu8 },
} };

/*! Python's json writes NaN and Infinity, which JSON does not know: the same text with null in their places. */
std::string without_nan(std::string text)
{
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (quoted && text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            quoted = !quoted;
        else if (!quoted)
            for (const std::string word : { "NaN", "-Infinity", "Infinity" })
                if (text.compare(at, word.size(), word) == 0)
                    text.replace(at, word.size(), "null");
    }
    return text;
}

bool is_there(const json& in, const char* key)
{
    const auto found = in.find(key);
    return found != in.end() && !found->is_null();
}

class metadata_reader
{
public:
    metadata_reader(const std::string& text, const std::string& name)
        : d_name(name), d_all(json::parse(without_nan(text), nullptr, false))
    {
        if (d_all.is_discarded())
            refuse("is broken: it is no JSON");
        if (!d_all.is_object() || !d_all.contains("global") ||
            !d_all["global"].is_object())
            refuse("is no SigMF metadata: it has no object 'global'");
    }

    sigmf_metadata read() const
    {
        const auto& global = d_all["global"];
        refuse_what_is_not_plain(global);
        sigmf_metadata found;
        found.encoding = encoding(global);
        found.rate = number(global, "core:sample_rate");
        if (found.rate && !(*found.rate > 0))
            refuse("has a core:sample_rate that is not above zero");
        found.frequency = frequency();
        return found;
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw std::runtime_error(d_name + " " + what);
    }

    std::optional<double> number(const json& in, const char* key) const
    {
        if (!is_there(in, key))
            return {};
        const auto& found = in[key];
        double value = 0;
        if (found.is_number())
            value = found.get<double>();
        else if (!found.is_string() ||
                 !from_text(found.get_ref<const std::string&>(), value))
            refuse(std::string("has a ") + key + " that is no number");
        if (!std::isfinite(value))
            refuse(std::string("has a ") + key + " that is not finite");
        return value;
    }

    /*! Some recorders put numbers into quotes. */
    static bool from_text(const std::string& text, double& value)
    {
        try {
            std::size_t used = 0;
            value = std::stod(text, &used);
            return text.find_first_not_of(" \t\r\n", used) == std::string::npos;
        } catch (const std::exception&) {
            return false;
        }
    }

    iq_encoding encoding(const json& global) const
    {
        const auto found = global.find("core:datatype");
        if (found == global.end() || !found->is_string())
            refuse("does not say its core:datatype");
        auto name = found->get<std::string>();
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        std::string known;
        for (const auto& d : datatypes) {
            if (name == d.name)
                return d.encoding;
            known += (known.empty() ? "" : ", ") + std::string(d.name);
        }
        refuse(
            "has the core:datatype " +
            json(name.substr(0, 32)).dump(-1, ' ', true, json::error_handler_t::replace) +
            ": convert the recording to one of " + known);
    }

    /*! Samples of one channel that begin at the first octet and end at the last. */
    void refuse_what_is_not_plain(const json& global) const
    {
        if (number(global, "core:num_channels").value_or(1) != 1)
            refuse("is of a recording of several channels: split it into one each");
        if (number(global, "core:trailing_bytes").value_or(0) != 0)
            refuse("is of a recording with octets behind its samples: convert it to a "
                   "conforming one");
        if (is_there(global, "core:dataset"))
            refuse("is of a recording in another file (core:dataset): convert it to a "
                   "conforming one");
        for (const auto& capture : captures())
            if (number(capture, "core:header_bytes").value_or(0) != 0)
                refuse("is of a recording with headers between its samples: convert it "
                       "to a conforming one");
    }

    const json& captures() const // no copy: that would go as deep as the text nests
    {
        const auto found = d_all.find("captures");
        static const json none = json::array();
        if (found == d_all.end() || found->is_null())
            return none;
        if (!found->is_array())
            refuse("is no SigMF metadata: its 'captures' are no list");
        for (const auto& capture : *found)
            if (!capture.is_object())
                refuse("is no SigMF metadata: a capture is no object");
        return *found;
    }

    std::optional<double> frequency() const
    {
        std::optional<double> common;
        bool first = true;
        for (const auto& capture : captures()) {
            const auto one = number(capture, "core:frequency");
            if (!std::exchange(first, false) && one != common)
                return {};
            common = one;
        }
        return common;
    }

    std::string d_name;
    json d_all;
};

std::string text_of(const std::string& path)
{
    struct stat about {
    };
    std::ifstream file(path, std::ios::binary);
    if (!file || stat(path.c_str(), &about) != 0)
        throw std::runtime_error("cannot read " + path + ": " + reason());
    if (!S_ISREG(about.st_mode))
        throw std::runtime_error("cannot read " + path + ": it is no file");
    if (static_cast<std::uint64_t>(about.st_size) > longest_sigmf_metadata)
        throw std::runtime_error(path +
                                 " is longer than 16 MiB, too long for SigMF metadata");
    return { std::istreambuf_iterator<char>(file), {} };
}

void refuse_missing(const std::string& data, const std::string& meta)
{
    struct stat there {
    };
    if (stat(data.c_str(), &there) != 0 && errno == ENOENT)
        throw std::runtime_error("the samples of " + meta + " are not there: put " +
                                 data + " beside it");
}

} // namespace

sigmf_metadata parse_sigmf(const std::string& text, const std::string& name)
{
    return metadata_reader(text, name).read();
}

std::string write_sigmf(const sigmf_metadata& metadata)
{
    nlohmann::ordered_json global{ { "core:datatype", "" },
                                   { "core:version", "1.0.0" },
                                   { "core:num_channels", 1 },
                                   { "core:recorder", "gr-securevoice" } };
    for (const auto& d : datatypes)
        if (d.encoding == metadata.encoding)
            global["core:datatype"] = d.name;
    if (metadata.rate)
        global["core:sample_rate"] = *metadata.rate;
    nlohmann::ordered_json capture{ { "core:sample_start", 0 } };
    if (metadata.frequency)
        capture["core:frequency"] = *metadata.frequency;
    const nlohmann::ordered_json all{
        { "global", global },
        { "captures", nlohmann::ordered_json::array({ capture }) },
        { "annotations", nlohmann::ordered_json::array() }
    };
    return all.dump(4) + "\n";
}

sigmf_iq_source::sigmf_iq_source(const std::vector<std::string>& files,
                                 std::optional<iq_encoding> encoding)
{
    const auto& meta = files.at(0);
    const bool is_archive = files.size() == 1;
    const auto archive = is_archive ? open_sigmf_archive(meta) : sigmf_archive{};
    d_metadata = parse_sigmf(is_archive ? archive.metadata : text_of(meta), meta);
    if (encoding && *encoding != d_metadata.encoding)
        throw std::runtime_error(meta + " says that its samples are " +
                                 encoding_name(d_metadata.encoding) + ", not " +
                                 encoding_name(*encoding) + ": choose --format sigmf");
    const auto& data = files.back();
    refuse_missing(data, meta);
    d_data.emplace(data, d_metadata.encoding, archive.samples);
    d_problem = archive.problem;
}

sigmf_iq_sink::sigmf_iq_sink(const std::vector<std::string>& files,
                             const sigmf_metadata& metadata)
    : d_metadata(metadata),
      d_meta(files.at(0), { false, {} }),
      d_data(files.at(1), metadata.encoding)
{
}

void sigmf_iq_sink::commit()
{
    d_data.commit();
    d_meta.write(write_sigmf(d_metadata));
    d_meta.publish();
}

} // namespace securevoice::apps
