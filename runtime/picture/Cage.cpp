// SPDX-License-Identifier: Apache-2.0
#include "Cage.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>

namespace dalate::picture {

namespace {

#if defined(__x86_64__)
constexpr unsigned machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned machine = AUDIT_ARCH_AARCH64;
#endif

constexpr unsigned offset(std::size_t place) {
    return static_cast<unsigned>(place);
}

} // namespace

bool enterCage() noexcept {
#if defined(__x86_64__) || defined(__aarch64__)
    const auto allow = [](unsigned call) {
        return sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    };
    const sock_filter yes = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const sock_filter no = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset(offsetof(seccomp_data, arch))),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0),
        no,
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset(offsetof(seccomp_data, nr))),
        allow(SYS_read),
        yes,
        allow(SYS_write),
        yes,
        allow(SYS_brk),
        yes,
        allow(SYS_munmap),
        yes,
        allow(SYS_mremap),
        yes,
        allow(SYS_madvise),
        yes,
        allow(SYS_futex),
        yes,
        allow(SYS_exit),
        yes,
        allow(SYS_exit_group),
        yes,
        // Memory, but none that could be run.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
        no,
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset(offsetof(seccomp_data, args) + 2 * sizeof(__u64))),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
        no,
        yes,
    };
    const sock_fprog filter{sizeof program / sizeof program[0], program};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
#else
    return false;
#endif
}

} // namespace dalate::picture
