// SPDX-License-Identifier: Apache-2.0
//
// What a library would do to the process, read from its bytes before the loader sees them. Static
// constructors run inside dlopen, so a library that is refused must be refused here. Only program headers,
// PT_NOTE and PT_DYNAMIC are read: a stripped library has no more, and the loader uses no more.
#pragma once

#include "plugin/Problem.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dalate::plugin {

/// The descriptor of .note.dalate.
struct ElfNote {
    int major = 0;
    int minor = 0;
    std::string sdk;
};

struct ElfReport {
    std::vector<ElfNote> notes;           ///< a plugin has exactly one
    std::vector<std::string> needed;      ///< DT_NEEDED, and what filters and audits would load
    std::vector<std::string> exported;    ///< defined, visible dynamic symbols
    std::vector<std::string> unique;      ///< of them STB_GNU_UNIQUE
    std::vector<std::string> hostImports; ///< undefined symbols of Poco and SOCI, which are the host's own
    std::vector<std::string> searchPaths; ///< DT_RPATH, DT_RUNPATH
    bool textRelocations = false;
    bool executableStack = false; ///< asked for, or PT_GNU_STACK missing, which means the same
};

/// Reads a library of this machine's kind. Bounds-checked throughout; takes time and memory in proportion to
/// the bytes. Errors (status 422): `core.elf.not_elf`, `core.elf.machine` (details: found),
/// `core.elf.malformed` (details: what).
Result<ElfReport> probe(std::span<const std::byte> file);

/// All that speaks against loading it: `core.elf.*`. `libraries` are sonames it may need besides the C and
/// C++ runtime and the loader; in sanitizer builds the sanitizers' libraries are allowed too.
Problems judge(const ElfReport& report, std::span<const std::string> libraries);

} // namespace dalate::plugin
