/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "keys/qr_code.h"

#include "core/system/reason.h"

#include <malloc.h>
#include <qrencode.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>

namespace securevoice::apps {

namespace {

constexpr int quiet_zone = 4; // modules; ISO/IEC 18004, 5.3.8

class modules
{
public:
    explicit modules(const secret_memory& text)
        : d_code(QRcode_encodeData(static_cast<int>(text.size()),
                                   text.data(),
                                   0, // the smallest that holds it
                                   QR_ECLEVEL_M),
                 &QRcode_free)
    {
        if (!d_code)
            throw std::runtime_error(std::string("the QR code cannot be made: ") +
                                     reason());
    }

    int width() const { return d_code->width; }
    bool dark(int x, int y) const
    {
        return x >= 0 && y >= 0 && x < width() && y < width() &&
               (d_code->data[y * width() + x] & 1) != 0;
    }

private:
    std::unique_ptr<QRcode, decltype(&QRcode_free)> d_code;
};

} // namespace

void check_drawable()
{
    if (!isatty(STDOUT_FILENO))
        throw std::invalid_argument(
            "--qr draws on a terminal, and standard output is none: "
            "name a file instead");
}

void draw_qr_code(const secret_memory& text)
{
    // libqrencode's copies of the text, and the picture, are overwritten as they are freed.
    mallopt(M_PERTURB, 0xFF);
    const modules code(text);
    const int columns = code.width() + 2 * quiet_zone;
    winsize window{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 &&
        window.ws_col < columns)
        throw std::runtime_error("the QR code needs " + std::to_string(columns) +
                                 " columns and the terminal has " +
                                 std::to_string(window.ws_col) +
                                 ": make it wider or its letters smaller");
    std::string picture;
    for (int y = -quiet_zone; y < code.width() + quiet_zone; y += 2) {
        picture += "\x1b[30;107m"; // black on white
        for (int x = -quiet_zone; x < code.width() + quiet_zone; ++x) {
            const bool upper = code.dark(x, y);
            const bool lower = code.dark(x, y + 1);
            picture += upper ? (lower ? "\u2588" : "\u2580") : (lower ? "\u2584" : " ");
        }
        picture += "\x1b[0m\n";
    }
    for (std::size_t done = 0; done < picture.size();) {
        const auto put =
            ::write(STDOUT_FILENO, picture.data() + done, picture.size() - done);
        if (put < 0 && errno != EINTR)
            throw std::runtime_error("the terminal cannot be written to: " + reason());
        done += put > 0 ? static_cast<std::size_t>(put) : 0;
    }
}

} // namespace securevoice::apps
