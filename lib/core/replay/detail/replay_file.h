/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/replay/detail/replay_format.h"
#include "core/system/file_descriptor.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace securevoice::detail {

/*! What is wrong with the memory's file or its folder: one sentence that says what to
 * do. */
class replay_file_error : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/*!
 * The memory's file, opened for one reading and writing and locked against other
 * processes meanwhile (flock(2)). Each use opens it again: the file may have been
 * exchanged since, and a lock must be of this process, not of the one it was forked from.
 */
class replay_file
{
public:
    enum class access {
        full,
        busy, // another process keeps its lock: may be read, what is torn is no damage
        read_only // may be read
    };

    /*!
     * Makes folder and file if they are not there, and waits for the lock at most 0.1 s.
     * \throws replay_file_error unless it is a regular file of this user that nobody else
     * may read or write, in a folder in which nobody else may write
     */
    explicit replay_file(const std::string& folder);
    ~replay_file();
    replay_file(const replay_file&) = delete;
    replay_file& operator=(const replay_file&) = delete;

    access may() const { return d_access; }
    /*! One sentence on why it is not `full`; empty if it is. */
    const std::string& obstacle() const { return d_obstacle; }
    static std::string path_in(const std::string& folder);

    /*! The part that is in use. \throws replay_file_error */
    std::vector<std::uint8_t> read() const;
    /*! \throws replay_file_error */
    void write(std::size_t offset, const replay_item& item);
    /*! Writes a whole file, with the room that it will ever need: a full disk is noticed
     * before anything is changed, and later on there is room. \throws
     * replay_file_error */
    void replace(std::vector<std::uint8_t> octets);
    /*! Lets the other processes go on, then waits until what was written is on the disk.
     * \throws replay_file_error */
    void finish();

private:
    void open(int folder);
    void examine();
    void lock();
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void cannot_write(int error) const;
    void put(std::size_t offset, const std::uint8_t* octets, std::size_t count);

    std::string d_path;
    std::optional<file_descriptor> d_file;
    access d_access = access::full;
    std::string d_obstacle;
};

} // namespace securevoice::detail
