// SPDX-License-Identifier: Apache-2.0
// contract_crash <data> <plugin folder>: brings zoo_segfaults and zoo_good up and asks the first for its
// page, of which this process dies.
#include "FakeHost.h"

#include <sys/resource.h>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    House house({{argv[2]}, argv[1], std::chrono::milliseconds(1000)});
    house.enable("zoo_good");
    house.enable("zoo_segfaults");
    if (house.get("zoo_good") != "200 zoo_good 1.0.0") return 3;
    house.get("zoo_segfaults");
    return 4;
}
