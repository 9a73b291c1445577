// SPDX-License-Identifier: Apache-2.0
// Code that reads hostile formats runs in a process of its own, with little of everything: no environment, no
// files open but its standard input and output, a limit on memory, processor time, waiting and output, no new
// privileges, and it dies with us. A program that is not ours is caged besides: Landlock lets it open the
// system's own libraries, fonts and settings and nothing else, for writing nothing at all, and it gets no
// socket. What it answers is bytes; that it crashed or ran out of something is an answer too.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::files {

/// What a child may open.
enum class Reach {
    asWeMay,   ///< for a program of ours, which locks itself in
    systemOnly ///< programs, libraries, fonts; where the kernel has no Landlock (before 5.13) it is not run
};

struct ChildLimits {
    Reach reach = Reach::asWeMay;
    std::uint64_t memory = std::uint64_t{512} << 20; ///< octets of address space
    unsigned processorSeconds = 10;
    std::chrono::milliseconds time{20000};          ///< from its start to its end; then it is killed
    std::uint64_t output = std::uint64_t{64} << 20; ///< octets; one more ends the child
};

struct ChildAnswer {
    /// Whether it was run and ended by itself with exit code 0 within its limits.
    bool well = false;
    /// The exit code, or -1 where it did not end by itself or could not be run.
    int code = -1;
    std::string output;
};

/// Runs `program` (an absolute path, no shell) with `arguments`, gives it `input` and takes what it writes.
/// Standard error is thrown away. Waits; any thread. Throws `std::system_error` where this process is out of
/// descriptors or processes.
ChildAnswer runLimited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       std::string_view input, const ChildLimits& limits);

} // namespace dalate::services::files
