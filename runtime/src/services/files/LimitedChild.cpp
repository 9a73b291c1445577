// SPDX-License-Identifier: Apache-2.0
#include "services/files/LimitedChild.h"

#include "base/Clock.h"
#include "http/BodySpool.h"
#include "services/files/ChildCage.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dalate::services::files {

namespace {

constexpr int shown = 2; // standard error is the last descriptor that a child has

void limit(int resource, rlim_t most) {
    const rlimit both{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// In the child, between fork and exec: only plain system calls, since other threads may hold any lock.
[[noreturn]] void become(const char* program, char* const* arguments, int input, int output, int nothing,
                         const ChildLimits& limits, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(nothing, 2) < 0) ::_exit(127);
    // Everything else is the daemon's: its database and its clients' connections. One by one where the kernel
    // is old.
    if (::syscall(SYS_close_range, shown + 1, ~0U, 0) != 0)
        for (int fd = shown + 1; fd < 65536; ++fd)
            ::close(fd);
    limit(RLIMIT_AS, limits.memory);
    limit(RLIMIT_CPU, limits.processorSeconds);
    limit(RLIMIT_FSIZE, limits.output);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 64);
    for (int signal = 1; signal < 32; ++signal)
        ::signal(signal, SIG_DFL);
    if (limits.reach == Reach::systemOnly && !enterSystemCage()) ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    char* const environment[] = {nullptr};
    ::execve(program, arguments, environment);
    ::_exit(127);
}

/// Gives what is left of the input and takes what has come, until the child closes its output. False when it
/// is to be ended.
bool converse(int in, int out, std::string_view input, std::string& output, const ChildLimits& limits,
              Micros until) {
    char buffer[65536];
    bool giving = true;
    while (true) {
        if (giving && input.empty()) {
            ::shutdown(in, SHUT_WR);
            giving = false;
        }
        pollfd both[] = {{out, POLLIN, 0}, {giving ? in : -1, POLLOUT, 0}};
        const Micros left = until - steadyNow();
        if (left <= 0 || ::poll(both, 2, static_cast<int>(left / 1000 + 1)) == 0) return false;
        if (both[1].revents != 0) {
            const ssize_t sent = ::send(in, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent >= 0)
                input.remove_prefix(static_cast<std::size_t>(sent));
            else if (errno != EAGAIN && errno != EINTR)
                giving = false; // it has read enough
        }
        if (both[0].revents == 0) continue;
        const ssize_t count = ::recv(out, buffer, sizeof buffer, MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return true;
        if (count > 0) output.append(buffer, static_cast<std::size_t>(count));
        if (output.size() > limits.output) return false;
    }
}

/// Waits for its end, however long it lingers behind its closed output, but not beyond `until`: then it is
/// killed. Its status; -1 where it had to be.
int statusOf(pid_t child, Micros until) {
    constexpr useconds_t pause = 1000;
    for (int status = 0;; ::usleep(pause)) {
        const pid_t ended = ::waitpid(child, &status, WNOHANG);
        if (ended == child) return status;
        if ((ended < 0 && errno != EINTR) || steadyNow() >= until) break;
    }
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
    return -1;
}

struct Pair {
    Pair() {
        int both[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
            throw std::system_error(errno, std::generic_category(), "socketpair");
        ours = http::Descriptor(both[0]);
        theirs = http::Descriptor(both[1]);
    }
    http::Descriptor ours, theirs;
};

} // namespace

ChildAnswer runLimited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       std::string_view input, const ChildLimits& limits) {
    const std::string path = program.string();
    std::vector<char*> argv{const_cast<char*>(path.c_str())};
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    Pair in, out;
    const http::Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0)
        become(path.c_str(), argv.data(), in.theirs.get(), out.theirs.get(), nothing.get(), limits, parent);
    in.theirs.reset();
    out.theirs.reset();

    ChildAnswer answer;
    const Micros until = steadyNow() + limits.time.count() * 1000;
    const bool closed = converse(in.ours.get(), out.ours.get(), input, answer.output, limits, until);
    const int status = statusOf(child, closed ? until : 0);
    if (closed && status >= 0 && WIFEXITED(status)) answer.code = WEXITSTATUS(status);
    answer.well = answer.code == 0;
    if (!answer.well) answer.output.clear();
    return answer;
}

} // namespace dalate::services::files
