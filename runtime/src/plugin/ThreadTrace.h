// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace dalate::plugin {

/// Names the calling thread after a generation while the plugin's create, start or stop runs on it. Linux
/// gives a new thread the name of the thread that makes it, so threads which a plugin starts there and leaves
/// behind can be counted. A thread that renames itself is not found; this is a help for vendors, not a guard.
class ThreadTrace {
public:
    explicit ThreadTrace(std::uint64_t generation);
    ~ThreadTrace();
    ThreadTrace(const ThreadTrace&) = delete;
    ThreadTrace& operator=(const ThreadTrace&) = delete;

    static void nameThisThread(const std::string& name);
    /// Threads of this process that bear the generation's name.
    static int threadsOf(std::uint64_t generation);

private:
    std::string before_;
};

} // namespace dalate::plugin
