// SPDX-License-Identifier: Apache-2.0
#include "services/files/ChildCage.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace dalate::services::files {

namespace {

#if defined(__x86_64__)
constexpr unsigned machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned machine = AUDIT_ARCH_AARCH64;
#endif

/// Every right on files that the first Landlock knows: what it is not told to allow is refused.
constexpr __u64 allRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr __u64 readRights =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr __u64 fileRights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;

bool allow(int rules, const char* place, __u64 rights) noexcept {
    const int opened = ::open(place, O_PATH | O_CLOEXEC);
    if (opened < 0) return errno == ENOENT;
    const landlock_path_beneath_attr beneath{rights, opened};
    const bool done = ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
    ::close(opened);
    return done;
}

bool lockFiles() noexcept {
    const landlock_ruleset_attr handled{.handled_access_fs = allRights};
    const int rules = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled.handled_access_fs, 0));
    if (rules < 0) return false;
    const bool named = allow(rules, "/usr", readRights) && allow(rules, "/lib", readRights) &&
                       allow(rules, "/lib64", readRights) && allow(rules, "/bin", readRights) &&
                       allow(rules, "/etc/fonts", readRights) &&
                       allow(rules, "/etc/ld.so.cache", fileRights) &&
                       allow(rules, "/var/cache/fontconfig", readRights);
    const bool locked = named && ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    ::close(rules);
    return locked;
}

bool refuseSockets() noexcept {
#if defined(__x86_64__) || defined(__aarch64__)
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    const sock_fprog filter{sizeof program / sizeof program[0], program};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
#else
    return false;
#endif
}

} // namespace

bool enterSystemCage() noexcept {
    return lockFiles() && refuseSockets();
}

} // namespace dalate::services::files
