// SPDX-License-Identifier: Apache-2.0
#include "plugin/ThreadTrace.h"

#include <filesystem>
#include <fstream>
#include <pthread.h>

namespace dalate::plugin {
namespace {

/// At most 15 characters: what the kernel keeps.
std::string nameOf(std::uint64_t generation) {
    return "plugin-" + std::to_string(generation % 100'000'000);
}

} // namespace

ThreadTrace::ThreadTrace(std::uint64_t generation) {
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    before_ = name;
    nameThisThread(nameOf(generation));
}

ThreadTrace::~ThreadTrace() {
    nameThisThread(before_);
}

void ThreadTrace::nameThisThread(const std::string& name) {
    pthread_setname_np(pthread_self(), name.c_str());
}

int ThreadTrace::threadsOf(std::uint64_t generation) {
    int count = 0;
    std::error_code fault;
    for (std::filesystem::directory_iterator at("/proc/self/task", fault), end; !fault && at != end;
         at.increment(fault)) {
        std::ifstream file(at->path() / "comm");
        std::string name;
        if (std::getline(file, name) && name == nameOf(generation)) ++count;
    }
    return count;
}

} // namespace dalate::plugin
