// SPDX-License-Identifier: Apache-2.0
// The operating system's wall clock, moved: loaded before the C library into a daemon that knows nothing of
// it. The file that SHIFTED_CLOCK_FILE names holds eight bytes, the microseconds by which the clock is ahead;
// whoever writes there moves the clock of the running process. The steady clock is left alone.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

const volatile std::int64_t* mapped() {
    static const volatile std::int64_t* const ahead = []() -> const volatile std::int64_t* {
        static const std::int64_t none = 0;
        const char* path = std::getenv("SHIFTED_CLOCK_FILE");
        const int file = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) return &none;
        void* page = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
        ::close(file);
        return page == MAP_FAILED ? &none : static_cast<const std::int64_t*>(page);
    }
    ();
    return ahead;
}

} // namespace

extern "C" {

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, timespec* out) noexcept {
    const long answer = ::syscall(SYS_clock_gettime, clock, out);
    if (answer != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return static_cast<int>(answer);
    const int before = errno;
    const std::int64_t micros = *mapped() + out->tv_nsec / 1000;
    out->tv_sec += micros / 1'000'000;
    out->tv_nsec = micros % 1'000'000 * 1000 + out->tv_nsec % 1000;
    errno = before;
    return 0;
}

__attribute__((visibility("default"))) int gettimeofday(timeval* out, void*) noexcept {
    timespec now{};
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

__attribute__((visibility("default"))) time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
}
