// SPDX-License-Identifier: Apache-2.0
#include "plugin/CrashCrumb.h"

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <sstream>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dalate::plugin {
namespace {

constexpr std::array<int, 5> fatal = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

std::atomic<int> folderFd{-1};
std::array<struct sigaction, fatal.size()> previous;

/// The innermost mark of this thread. The program's own thread-local storage, so reading it in a handler
/// allocates nothing.
thread_local constinit const void* innermost = nullptr;

/// An alternate signal stack for the life of a thread; none where somebody has given it one before.
class SignalStack {
public:
    SignalStack() noexcept {
        stack_t present{};
        if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
        void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return;
        stack_t own{};
        own.ss_sp = memory;
        own.ss_size = size;
        if (sigaltstack(&own, nullptr) == 0)
            memory_ = memory;
        else
            munmap(memory, size);
    }
    ~SignalStack() {
        if (!memory_) return;
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        sigaltstack(&none, nullptr);
        munmap(memory_, size);
    }
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

private:
    static constexpr std::size_t size = 64 * 1024;
    void* memory_ = nullptr;
};

/// A line put together in a fixed buffer: no allocation, no locale, no stdio.
class Line {
public:
    void add(std::string_view text) noexcept {
        for (const char c : text.substr(0, 120))
            // A name may come from anywhere in a dying process: nothing in it may end the field or the line.
            if (used_ < sizeof bytes_ - 1) bytes_[used_++] = c > ' ' && c < 0x7f ? c : '_';
        space();
    }
    void add(std::uint64_t number) noexcept {
        const auto end = std::to_chars(bytes_ + used_, bytes_ + sizeof bytes_ - 1, number).ptr;
        used_ = static_cast<std::size_t>(end - bytes_);
        space();
    }
    std::string_view finish() noexcept {
        bytes_[used_ - 1] = '\n';
        return {bytes_, used_};
    }

private:
    void space() noexcept {
        if (used_ < sizeof bytes_) bytes_[used_++] = ' ';
    }
    char bytes_[512];
    std::size_t used_ = 0;
};

} // namespace

struct CrumbWriter {
    static void onSignal(int signal, siginfo_t* info, void*) noexcept {
        const int saved = errno;
        write(signal);
        for (std::size_t i = 0; i < fatal.size(); ++i)
            if (fatal[i] == signal) sigaction(signal, &previous[i], nullptr);
        errno = saved;
        // A fault happens again when the handler returns, with its own address and registers; what was sent
        // (abort, kill) has to be sent again.
        if (info->si_code <= 0 || signal == SIGABRT) raise(signal);
    }

private:
    static void write(int signal) noexcept {
        const auto* mark = static_cast<const CrumbScope::Mark*>(innermost);
        const int folder = folderFd.load(std::memory_order_relaxed);
        if (!mark || folder < 0) return;
        innermost = nullptr; // a second fault in here must not come back
        timespec time{};
        clock_gettime(CLOCK_REALTIME, &time);
        const auto micros = static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
                            static_cast<std::uint64_t>(time.tv_nsec) / 1000;
        Line line;
        line.add(mark->plugin);
        line.add(mark->kind);
        line.add(mark->handler);
        line.add(mark->generation);
        line.add(static_cast<std::uint64_t>(signal));
        line.add(micros);
        const std::string_view bytes = line.finish();
        const int file = openat(folder, "crashes", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file < 0) return;
        [[maybe_unused]] const ssize_t written = ::write(file, bytes.data(), bytes.size());
        fsync(file);
        close(file);
    }
};

CrumbScope::CrumbScope(std::string_view plugin, std::string_view kind, std::string_view handler,
                       std::uint64_t generation) noexcept
    : before_(innermost), mark_{plugin, kind, handler, generation} {
    thread_local const SignalStack stack;
    static_cast<void>(stack);
    // The mark must be whole before a signal on this thread can see it.
    std::atomic_signal_fence(std::memory_order_release);
    innermost = &mark_;
}

CrumbScope::~CrumbScope() {
    innermost = before_;
    std::atomic_signal_fence(std::memory_order_release);
}

namespace crumbs {
namespace {

constexpr Micros kept = Micros{86'400} * 1'000'000;

std::filesystem::path fileOf(const std::filesystem::path& folder) {
    return folder / "crashes";
}

/// Writes the crashes anew, beside the file and renamed over it.
void rewrite(const std::filesystem::path& folder, const std::vector<Crash>& crashes) {
    std::error_code fault;
    if (crashes.empty()) {
        std::filesystem::remove(fileOf(folder), fault);
        return;
    }
    const std::filesystem::path beside = folder / "crashes.new";
    {
        std::ofstream out(beside, std::ios::trunc);
        for (const Crash& c : crashes)
            out << c.plugin << ' ' << c.handler << ' ' << c.generation << ' ' << c.signal << ' ' << c.at
                << '\n';
    }
    std::filesystem::rename(beside, fileOf(folder), fault);
}

std::vector<Crash> all(const std::filesystem::path& folder) {
    std::vector<Crash> crashes;
    std::ifstream in(fileOf(folder));
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields(line);
        Crash crash;
        std::string kind, handler;
        if (!(fields >> crash.plugin >> kind >> handler >> crash.generation >> crash.signal >> crash.at))
            continue;
        crash.handler = kind + " " + handler;
        crashes.push_back(std::move(crash));
    }
    return crashes;
}

} // namespace

void install(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int old = folderFd.exchange(fd);
    if (old >= 0) close(old);
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action {};
        action.sa_sigaction = &CrumbWriter::onSignal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigemptyset(&action.sa_mask);
        for (std::size_t i = 0; i < fatal.size(); ++i)
            sigaction(fatal[i], &action, &previous[i]);
    });
}

std::vector<Crash> read(const std::filesystem::path& folder, Micros time) {
    std::vector<Crash> crashes = all(folder);
    const std::size_t before = crashes.size();
    std::erase_if(crashes, [&](const Crash& c) { return c.at < time - kept; });
    if (crashes.size() != before) rewrite(folder, crashes);
    return crashes;
}

bool quarantines(const std::vector<Crash>& crashes, std::string_view plugin, Micros time) {
    int count = 0;
    for (const Crash& c : crashes)
        if (c.plugin == plugin && c.at > time - window && c.at <= time) ++count;
    return count >= tolerated;
}

void clear(const std::filesystem::path& folder, std::string_view plugin) {
    std::vector<Crash> crashes = all(folder);
    if (std::erase_if(crashes, [&](const Crash& c) { return c.plugin == plugin; }) != 0)
        rewrite(folder, crashes);
}

} // namespace crumbs
} // namespace dalate::plugin
