// SPDX-License-Identifier: Apache-2.0
#include "plugin/ElfProbe.h"

#include <dalate/abi.h>
#include <elf.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

namespace dalate::plugin {
namespace {

using Bytes = std::span<const std::byte>;

#if defined(__x86_64__)
constexpr std::uint16_t ownMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t ownMachine = EM_AARCH64;
#else
#error "plugins are loaded on x86_64 and aarch64 only"
#endif

/// Thrown inside this file only; `probe` answers it as a Result.
struct Malformed {
    const char* what;
};

/// A copy of a T at `offset`: the file need not be aligned, and nothing outside it is read.
template <class T>
T at(Bytes file, std::uint64_t offset, const char* what) {
    if (offset > file.size() || file.size() - offset < sizeof(T)) throw Malformed{what};
    T out;
    std::memcpy(&out, file.data() + offset, sizeof(T));
    return out;
}

Bytes slice(Bytes file, std::uint64_t offset, std::uint64_t size, const char* what) {
    if (offset > file.size() || size > file.size() - offset) throw Malformed{what};
    return file.subspan(offset, size);
}

class Reader {
public:
    explicit Reader(Bytes file) : file_(file) {}

    ElfReport read() {
        readSegments();
        readNotes();
        readDynamic();
        readSymbols();
        return std::move(report_);
    }

private:
    void readSegments() {
        const auto head = at<Elf64_Ehdr>(file_, 0, "file header");
        if (head.e_phentsize != sizeof(Elf64_Phdr) || head.e_phnum == 0 || head.e_phnum == PN_XNUM)
            throw Malformed{"program headers"};
        report_.executableStack = true;
        std::uint64_t end = 0;
        for (unsigned i = 0; i < head.e_phnum; ++i) {
            const std::uint64_t step = std::uint64_t{i} * sizeof(Elf64_Phdr);
            if (head.e_phoff > file_.size()) throw Malformed{"program headers"};
            const auto segment = at<Elf64_Phdr>(file_, head.e_phoff + step, "program headers");
            if (segment.p_type == PT_GNU_STACK) report_.executableStack = (segment.p_flags & PF_X) != 0;
            if (segment.p_type == PT_LOAD) {
                slice(file_, segment.p_offset, segment.p_filesz, "loaded segment");
                // Overlapping segments would let the loader see other bytes at an address than we do.
                if (segment.p_filesz > segment.p_memsz || segment.p_vaddr < end ||
                    segment.p_vaddr + segment.p_memsz < segment.p_vaddr)
                    throw Malformed{"loaded segments overlap"};
                end = segment.p_vaddr + segment.p_memsz;
            }
            segments_.push_back(segment);
        }
    }

    /// The file offset of a loaded address with at least one byte behind it.
    std::uint64_t offsetOf(std::uint64_t address, const char* what) const {
        for (const Elf64_Phdr& s : segments_)
            if (s.p_type == PT_LOAD && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz)
                return s.p_offset + (address - s.p_vaddr);
        throw Malformed{what};
    }

    void readNotes() {
        for (const Elf64_Phdr& s : segments_) {
            if (s.p_type != PT_NOTE) continue;
            Bytes rest = slice(file_, s.p_offset, s.p_filesz, "note segment");
            // glibc reads notes of 8-byte aligned segments with 8-byte padding, all others with 4.
            const std::uint64_t unit = s.p_align == 8 ? 8 : 4;
            while (rest.size() >= sizeof(Elf64_Nhdr)) {
                const auto note = at<Elf64_Nhdr>(rest, 0, "note");
                const std::uint64_t descAt = padded(sizeof(Elf64_Nhdr) + std::uint64_t{note.n_namesz}, unit);
                const std::uint64_t end = descAt + note.n_descsz;
                if (end > rest.size()) throw Malformed{"note"};
                readNote(note, rest.subspan(sizeof(Elf64_Nhdr), note.n_namesz),
                         rest.subspan(descAt, note.n_descsz));
                rest = rest.subspan(std::min<std::uint64_t>(padded(end, unit), rest.size()));
            }
        }
    }

    static std::uint64_t padded(std::uint64_t n, std::uint64_t unit) { return (n + unit - 1) / unit * unit; }

    void readNote(const Elf64_Nhdr& note, Bytes name, Bytes desc) {
        constexpr std::string_view owner(DALATE_NOTE_OWNER, sizeof(DALATE_NOTE_OWNER)); // with its NUL
        if (std::string_view(reinterpret_cast<const char*>(name.data()), name.size()) != owner) return;
        if (note.n_type != DALATE_NOTE_TYPE || desc.size() < sizeof(dalate_note))
            throw Malformed{"note dalate"};
        const auto content = at<dalate_note>(desc, 0, "note dalate");
        report_.notes.push_back({content.major, content.minor,
                                 std::string(content.sdk, strnlen(content.sdk, sizeof content.sdk))});
    }

    void readDynamic() {
        const auto dynamic = std::find_if(segments_.begin(), segments_.end(),
                                          [](const Elf64_Phdr& s) { return s.p_type == PT_DYNAMIC; });
        if (dynamic == segments_.end()) throw Malformed{"no dynamic segment"};
        std::uint64_t offset = offsetOf(dynamic->p_vaddr, "dynamic segment");
        std::vector<Elf64_Dyn> entries;
        for (;; offset += sizeof(Elf64_Dyn)) {
            const auto entry = at<Elf64_Dyn>(file_, offset, "dynamic segment");
            if (entry.d_tag == DT_NULL) break;
            entries.push_back(entry);
            // The loader keeps the last of each of these; so do we.
            if (entry.d_tag != DT_NEEDED) tags_[entry.d_tag] = entry.d_un.d_val;
        }
        const std::uint64_t names = tag(DT_STRTAB);
        if (names == 0) throw Malformed{"no string table"};
        strings_ = slice(file_, offsetOf(names, "string table"), tag(DT_STRSZ), "string table");
        for (const Elf64_Dyn& entry : entries) {
            switch (entry.d_tag) {
            case DT_NEEDED:
            case DT_AUXILIARY:
            case DT_FILTER:
            case DT_AUDIT:
            case DT_DEPAUDIT:
                report_.needed.emplace_back(string(entry.d_un.d_val));
                break;
            case DT_RPATH:
            case DT_RUNPATH:
                report_.searchPaths.emplace_back(string(entry.d_un.d_val));
                break;
            case DT_TEXTREL:
                report_.textRelocations = true;
                break;
            case DT_FLAGS:
                if (entry.d_un.d_val & DF_TEXTREL) report_.textRelocations = true;
                break;
            default:
                break;
            }
        }
    }

    std::uint64_t tag(Elf64_Sxword which) const {
        const auto found = tags_.find(which);
        return found == tags_.end() ? 0 : found->second;
    }

    std::string_view string(std::uint64_t offset) const {
        if (offset >= strings_.size()) throw Malformed{"string"};
        const char* start = reinterpret_cast<const char*>(strings_.data()) + offset;
        const std::size_t most = strings_.size() - offset;
        const std::size_t size = strnlen(start, most);
        if (size == most) throw Malformed{"string"};
        return {start, size};
    }

    void readSymbols() {
        if (tag(DT_SYMTAB) == 0) return;
        if (tag(DT_SYMENT) != sizeof(Elf64_Sym)) throw Malformed{"symbol size"};
        const std::uint64_t table = offsetOf(tag(DT_SYMTAB), "symbol table");
        // No table says how many symbols there are: the hash tables know those that others can find, the
        // relocations those that the library itself uses.
        const std::uint64_t count = std::max(
            {gnuHashCount(), hashCount(), relocated(DT_RELA, DT_RELASZ), relocated(DT_JMPREL, DT_PLTRELSZ)});
        for (std::uint64_t i = 1; i < count; ++i)
            readSymbol(at<Elf64_Sym>(file_, table + i * sizeof(Elf64_Sym), "symbol"));
    }

    void readSymbol(const Elf64_Sym& symbol) {
        const unsigned binding = ELF64_ST_BIND(symbol.st_info);
        if (binding == STB_LOCAL) return;
        const std::string_view name = string(symbol.st_name);
        if (binding == STB_GNU_UNIQUE) report_.unique.emplace_back(name);
        if (symbol.st_shndx != SHN_UNDEF) {
            const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
            if (visibility == STV_DEFAULT || visibility == STV_PROTECTED) report_.exported.emplace_back(name);
        } else if (isHosts(name)) {
            report_.hostImports.emplace_back(name);
        }
    }

    /// Mangled names in the namespaces Poco and soci: functions, constant members, type information, tables.
    static bool isHosts(std::string_view name) {
        for (const std::string_view prefix : {"_ZN", "_ZNK", "_ZTIN", "_ZTVN", "_ZTSN", "_ZGVN", "_ZTTN"})
            for (const std::string_view space : {"4Poco", "4soci"})
                if (name.starts_with(prefix) && name.substr(prefix.size()).starts_with(space)) return true;
        return false;
    }

    std::uint64_t gnuHashCount() const {
        if (tag(DT_GNU_HASH) == 0) return 0;
        const std::uint64_t start = offsetOf(tag(DT_GNU_HASH), "hash table");
        const auto buckets = at<std::uint32_t>(file_, start, "hash table");
        const auto first = at<std::uint32_t>(file_, start + 4, "hash table");
        const auto words = at<std::uint32_t>(file_, start + 8, "hash table");
        const std::uint64_t bucketsAt = start + 16 + std::uint64_t{words} * 8;
        const std::uint64_t chainsAt = bucketsAt + std::uint64_t{buckets} * 4;
        std::uint64_t last = 0;
        for (std::uint64_t i = 0; i < buckets; ++i)
            last = std::max<std::uint64_t>(last, at<std::uint32_t>(file_, bucketsAt + i * 4, "hash table"));
        if (last < first) return first;
        while ((at<std::uint32_t>(file_, chainsAt + (last - first) * 4, "hash table") & 1) == 0)
            ++last;
        return last + 1;
    }

    std::uint64_t hashCount() const {
        if (tag(DT_HASH) == 0) return 0;
        return at<std::uint32_t>(file_, offsetOf(tag(DT_HASH), "hash table") + 4, "hash table");
    }

    std::uint64_t relocated(Elf64_Sxword tableTag, Elf64_Sxword sizeTag) const {
        if (tag(tableTag) == 0 || tag(sizeTag) == 0) return 0;
        const Bytes table = slice(file_, offsetOf(tag(tableTag), "relocations"), tag(sizeTag), "relocations");
        std::uint64_t most = 0;
        for (std::uint64_t offset = 0; offset + sizeof(Elf64_Rela) <= table.size();
             offset += sizeof(Elf64_Rela))
            most = std::max<std::uint64_t>(
                most, ELF64_R_SYM(at<Elf64_Rela>(table, offset, "relocation").r_info) + 1);
        return most;
    }

    Bytes file_;
    std::vector<Elf64_Phdr> segments_;
    std::map<Elf64_Sxword, std::uint64_t> tags_;
    Bytes strings_;
    ElfReport report_;
};

} // namespace

Result<ElfReport> probe(std::span<const std::byte> file) {
    if (file.size() < EI_NIDENT || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
        return Error(422, "core.elf.not_elf");
    const auto kind = static_cast<unsigned char>(file[EI_CLASS]);
    const auto order = static_cast<unsigned char>(file[EI_DATA]);
    if (kind != ELFCLASS64 || order != ELFDATA2LSB)
        return Error(422, "core.elf.machine", Value::map([&](MapWriter& m) {
                         m.set("found", kind == ELFCLASS32 ? "32 bits" : "another byte order");
                     }));
    if (file.size() < sizeof(Elf64_Ehdr))
        return Error(422, "core.elf.malformed",
                     Value::map([](MapWriter& m) { m.set("what", "file header"); }));
    Elf64_Ehdr head;
    std::memcpy(&head, file.data(), sizeof head);
    if (head.e_machine != ownMachine)
        return Error(422, "core.elf.machine", Value::map([&](MapWriter& m) {
                         m.set("found", "machine " + std::to_string(head.e_machine));
                     }));
    if (head.e_type != ET_DYN)
        return Error(422, "core.elf.malformed",
                     Value::map([](MapWriter& m) { m.set("what", "not a shared library"); }));
    try {
        return Reader(file).read();
    } catch (const Malformed& fault) {
        return Error(422, "core.elf.malformed", Value::map([&](MapWriter& m) { m.set("what", fault.what); }));
    }
}

} // namespace dalate::plugin
