// SPDX-License-Identifier: Apache-2.0
#include "portal/Translator.h"

#include "base/Json.h"
#include "base/Log.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace dalate::portal {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view fallback = "zh-CN";

bool nameByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
}

/// Where the `{name}` that begins at `open` ends, or nothing when it is none.
std::optional<std::size_t> closing(std::string_view text, std::size_t open) {
    std::size_t end = open + 1;
    while (end < text.size() && nameByte(text[end]))
        ++end;
    if (end == open + 1 || end >= text.size() || text[end] != '}') return std::nullopt;
    return end;
}

bool bracesFit(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '}') return false;
        if (text[i] != '{') continue;
        const auto end = closing(text, i);
        if (!end) return false;
        i = *end;
    }
    return true;
}

/// Says once a process that a text is missing; a page asked for often would fill the log.
void reportMissing(std::string_view language, std::string_view id) {
    static std::mutex guard;
    static std::set<std::string> told;
    {
        const std::lock_guard lock(guard);
        if (told.size() > 1000 || !told.insert(std::string(language) + " " + std::string(id)).second) return;
    }
    log::warning("core.text.missing",
                 Value::map([&](MapWriter& m) { m.set("language", language).set("text", id); }));
}

} // namespace

const std::vector<Language>& languages() {
    static const std::vector<Language> all{
        {"zh-CN", "中文", true}, {"en", "English", true}, {"mn-Mong", "ᠮᠣᠩᠭᠣᠯ", false}};
    return all;
}

bool isLanguage(std::string_view tag) {
    return std::any_of(languages().begin(), languages().end(),
                       [&](const Language& l) { return l.tag == tag; });
}

std::string_view preferredLanguage(std::string_view acceptLanguage) {
    std::string_view best = fallback;
    int bestWeight = 0;
    while (!acceptLanguage.empty()) {
        const std::size_t comma = acceptLanguage.find(',');
        std::string_view range = acceptLanguage.substr(0, comma);
        acceptLanguage =
            comma == std::string_view::npos ? std::string_view() : acceptLanguage.substr(comma + 1);
        int weight = 1000;
        if (const std::size_t semicolon = range.find(';'); semicolon != std::string_view::npos) {
            const std::size_t q = range.find("q=", semicolon);
            if (q != std::string_view::npos && q + 2 < range.size()) {
                weight = range[q + 2] == '1' ? 1000 : 0;
                int scale = 100;
                for (std::size_t i = q + 4;
                     i < range.size() && std::isdigit(static_cast<unsigned char>(range[i])); ++i) {
                    weight += (range[i] - '0') * scale;
                    scale /= 10;
                }
            }
            range = range.substr(0, semicolon);
        }
        while (!range.empty() && range.front() == ' ')
            range.remove_prefix(1);
        const std::string_view primary = range.substr(0, range.find('-'));
        for (const Language& language : languages()) {
            // Mongolian readers who ask by `mn` alone mostly read Cyrillic, which we do not have.
            const bool fits =
                language.tag == range ||
                (language.tag != "mn-Mong" && language.tag.substr(0, language.tag.find('-')) == primary);
            if (fits && weight > bestWeight) {
                best = language.tag;
                bestWeight = weight;
                break;
            }
        }
    }
    return best;
}

std::vector<std::string_view> placeholders(std::string_view text) {
    std::vector<std::string_view> names;
    for (std::size_t i = text.find('{'); i != std::string_view::npos; i = text.find('{', i + 1))
        if (const auto end = closing(text, i)) names.push_back(text.substr(i + 1, *end - i - 1));
    return names;
}

Translator::ByLanguage Translator::read(std::string_view owner, const fs::path& folder, Problems& problems) {
    ByLanguage all(languages().size());
    const std::string prefix = std::string(owner) + ".";
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Language& language = languages()[i];
        const fs::path file = folder / (std::string(language.tag) + ".json");
        const std::string told = std::string(owner) + "/i18n/" + file.filename().string();
        std::error_code ec;
        if (!fs::exists(file, ec)) continue;
        std::ifstream in(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        const auto parsed = json::parse(bytes);
        if (!parsed || !parsed->view().isMap()) {
            problems.push_back(
                {told, 0,
                 parsed ? "the file is no JSON object" : "the file is not JSON (" + parsed.error().id() + ")",
                 "write one flat object of id to text"});
            continue;
        }
        Texts& texts = all[i].emplace();
        for (const ValueView member : parsed->view()) {
            const std::string id(member.key());
            if (id == "_meta") {
                texts.reviewed = std::string(member["reviewed"].text());
            } else if (!id.starts_with(prefix)) {
                problems.push_back(
                    {told, 0, "text id " + id + " does not begin with " + prefix, "rename it"});
            } else if (!member.isText() || !bracesFit(member.text())) {
                problems.push_back({told, 0,
                                    "the text of " + id + " is no text, or has a brace that names no value",
                                    "write a string; braces only as {name}"});
            } else {
                texts.byId.emplace(id, Text(std::string(member.text())));
            }
        }
    }
    return all;
}

Translator Translator::with(std::string_view owner, const fs::path& folder, Problems& problems) const {
    Translator next = without(owner);
    next.owners_.emplace(std::string(owner),
                         std::make_shared<const ByLanguage>(read(owner, folder, problems)));
    const auto told = [&](std::string_view language) {
        return std::string(owner) + "/i18n/" + std::string(language) + ".json";
    };
    for (const Language& language : languages()) {
        if (language.complete)
            for (const std::string& id : next.missing(owner, language.tag))
                problems.push_back({told(language.tag), 0, "there is no text for " + id, "add it"});
        const Texts* own = next.texts(owner, language.tag);
        if (!own) continue;
        for (const auto& [id, text] : own->byId) {
            const Text* original = next.own(fallback, id);
            if (!original) {
                problems.push_back(
                    {told(fallback), 0, "there is no text for " + id, "add it, or remove the id elsewhere"});
                continue;
            }
            const auto& wanted = original->gaps;
            for (const Text::Gap& gap : text.gaps)
                if (std::none_of(wanted.begin(), wanted.end(),
                                 [&](const Text::Gap& each) { return each.name == gap.name; }))
                    problems.push_back(
                        {told(language.tag), 0,
                         "the text of " + id + " names {" + std::string(gap.name) + "}, which zh-CN does not",
                         "name the same values in each language"});
        }
    }
    return next;
}

Translator Translator::without(std::string_view owner) const {
    Translator next = *this;
    if (const auto found = next.owners_.find(owner); found != next.owners_.end()) next.owners_.erase(found);
    return next;
}

Translator::Text::Text(std::string text) : raw(std::make_unique<const std::string>(std::move(text))) {
    for (const std::string_view name : placeholders(*raw))
        gaps.push_back({static_cast<std::size_t>(name.data() - raw->data()) - 1, name});
}

const Translator::Texts* Translator::texts(std::string_view owner, std::string_view language) const {
    const auto found = owners_.find(owner);
    if (found == owners_.end()) return nullptr;
    const ByLanguage& all = *found->second;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (languages()[i].tag == language) return all[i] ? &*all[i] : nullptr;
    return nullptr;
}

const Translator::Text* Translator::own(std::string_view language, std::string_view id) const {
    const Texts* all = texts(id.substr(0, id.find('.')), language);
    if (!all) return nullptr;
    const auto text = all->byId.find(id);
    return text == all->byId.end() ? nullptr : &text->second;
}

const Translator::Text* Translator::ownOrFallback(std::string_view language, std::string_view id) const {
    const Text* text = own(language, id);
    return text ? text : own(fallback, id);
}

const std::string* Translator::find(std::string_view language, std::string_view id) const {
    const Text* text = ownOrFallback(language, id);
    return text ? text->raw.get() : nullptr;
}

bool Translator::speaks(std::string_view language, std::string_view id) const {
    return own(language, id) != nullptr;
}

void Translator::append(std::string& out, std::string_view language, std::string_view id,
                        ValueView values) const {
    const Text* found = ownOrFallback(language, id);
    if (!found) {
        reportMissing(language, id);
        out += id;
        return;
    }
    const std::string_view text = *found->raw;
    std::size_t from = 0;
    for (const auto& [at, name] : found->gaps) {
        out += text.substr(from, at - from);
        const ValueView value = values[name];
        if (value.isText())
            out += value.text();
        else
            out += value.asText();
        from = at + name.size() + 2;
    }
    out += text.substr(from);
}

std::string Translator::tr(std::string_view language, std::string_view id, ValueView values) const {
    std::string out;
    append(out, language, id, values);
    return out;
}

std::vector<std::string> Translator::missing(std::string_view owner, std::string_view language) const {
    std::vector<std::string> ids;
    const Texts* basis = texts(owner, fallback);
    if (!basis) return ids;
    const Texts* own = texts(owner, language);
    for (const auto& [id, text] : basis->byId)
        if (!own || !own->byId.contains(id)) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::string Translator::reviewed(std::string_view owner, std::string_view language) const {
    const Texts* own = texts(owner, language);
    return own ? own->reviewed : std::string();
}

} // namespace dalate::portal
