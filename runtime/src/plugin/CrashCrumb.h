// SPDX-License-Identifier: Apache-2.0
//
// Who was at work when the process died. Each thread has a mark that says which handler of which
// plugin it is inside. On a fatal signal the handler appends one line to `<data>/crumbs/crashes`,
//
//     <plugin> <kind> <handler's name> <generation> <signal> <microseconds since 1970>
//
// using only what is allowed in a signal handler, and lets the signal take its course. The next start reads
// the file and keeps a plugin off that has crashed twice within ten minutes.
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

/// One past death inside a plugin.
struct Crash {
    std::string plugin;
    std::string handler; ///< "route book"
    std::uint64_t generation = 0;
    int signal = 0;
    Micros at = 0;
};

namespace crumbs {

/// Two crashes of a plugin in this time keep it off.
constexpr Micros window = Micros{600} * 1'000'000;
constexpr int tolerated = 2;

/// Makes the folder and installs handlers for SEGV, BUS, ABRT, FPE and ILL. What was installed before is
/// restored and gets the signal after the crumb is written. May be called again with another folder.
void install(const std::filesystem::path& folder);

/// Past crashes, oldest first. Unreadable lines are passed over; those older than a day are dropped.
std::vector<Crash> read(const std::filesystem::path& folder, Micros time);

/// Whether these crashes keep the plugin off at `time`.
bool quarantines(const std::vector<Crash>& crashes, std::string_view plugin, Micros time);

/// Forgets a plugin's crashes: an operator has looked.
void clear(const std::filesystem::path& folder, std::string_view plugin);

} // namespace crumbs

/// Marks this thread as being inside a plugin; what it was inside before comes back at the end. Costs a few
/// stores. The first one on a thread gives the thread a signal stack of its own, so that a stack overflow
/// leaves a crumb too.
class CrumbScope {
public:
    CrumbScope(std::string_view plugin, std::string_view kind, std::string_view handler,
               std::uint64_t generation) noexcept;
    ~CrumbScope();
    CrumbScope(const CrumbScope&) = delete;
    CrumbScope& operator=(const CrumbScope&) = delete;

private:
    const void* before_;
    // Views of what the caller keeps alive for the length of the call.
    struct Mark {
        std::string_view plugin, kind, handler;
        std::uint64_t generation;
    } mark_;
    friend struct CrumbWriter;
};

} // namespace dalate::plugin
