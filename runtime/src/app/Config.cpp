// SPDX-License-Identifier: Apache-2.0
#include "app/Config.h"

#include "base/Result.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>
#include <Poco/Util/MapConfiguration.h>
#include <Poco/Util/PropertyFileConfiguration.h>

namespace dalate::app {

namespace {

constexpr ConfigKey all[] = {
    {"data.dir", "/var/lib/dalate", "Folder of database, files, plugin cache and spool."},
    {"share.dir", "/usr/share/dalate", "Folder of templates, texts, static files and core migrations."},
    {"plugins.dir", "/usr/lib/dalate/plugins", "Folder with one gathered folder a plugin."},
    {"listen.public", "127.0.0.1:8080", "Addresses of the portal, between commas; [::1]:8080 for IPv6."},
    {"listen.operator", "", "Addresses that also answer /metrics; empty: none. Never a public one."},
    {"proxy.trusted", "", "Networks whose X-Forwarded-* fields are believed, between commas."},
    {"http.workers", "0", "Worker threads; 0: two a core."},
    {"http.queue", "1024", "Whole requests that may wait for a worker before 503."},
    {"http.connections", "20000", "Open connections at most."},
    {"http.head_seconds", "10", "From the first byte of a request's head to its end; then 408."},
    {"http.write_stall_seconds", "30", "How long a client may take nothing of an answer that waits for it."},
    {"http.drain_seconds", "30", "How long a stop waits for what is under way."},
    {"http.person_posts", "600",
     "Forms that one account may send to the core's pages a minute; 0: no limit."},
    {"http.address_posts", "300", "The same for one address of people not signed in; 0: no limit."},
    {"spool.quota_mib", "4096", "Disk that request bodies and answers may take together."},
    {"files.dir", "", "Folder of attached files; empty: files in data.dir."},
    {"files.max_mib", "64", "Size of one attached file at most."},
    {"files.types", "",
     "Kinds that are taken, between commas: pdf, jpeg, png, docx, xlsx, ofd, zip, csv, txt; empty: all."},
    {"files.max_megapixels", "64", "Pixels of a picture at most, in millions."},
    {"files.account_mib", "1024", "What one account may keep; 0: no limit."},
    {"files.organisation_mib", "20480", "What one organisation may keep; 0: no limit."},
    {"files.leave_free_mib", "256", "Disk that uploads leave free, for the database above all."},
    {"files.clamd_socket", "",
     "Unix socket of clamd; with it nothing unscanned is taken. Empty: nothing is scanned."},
    {"files.clamd_seconds", "30", "How long clamd may take over one file."},
    {"files.picture_program", "",
     "The program that draws pictures anew; empty: dalate-picture beside this one."},
    {"files.pdftoppm", "/usr/bin/pdftoppm",
     "Program for the first page of a PDF; empty: no small picture of it."},
    {"files.collect_seconds", "900", "How often files that nothing refers to are looked for."},
    {"files.orphan_seconds", "3600", "Age at which a file that nothing refers to is deleted."},
    {"jobs.threads", "2", "Threads that run background jobs."},
    {"database.busy_ms", "5000", "How long a writer waits for its turn before 503."},
    {"node.id", "0", "Number of this daemon among those that share a database, 0 to 63."},
    {"log.form", "text", "text or json."},
    {"log.level", "info", "debug, info, warning or error."},
    {"mail.host", "", "SMTP relay for notices by e-mail; empty: none are sent."},
    {"mail.port", "25", "The relay's port."},
    {"mail.from", "", "Sender's address of notices by e-mail."},
    {"mail.from_name", "", "Sender's name as people read it."},
    {"sms.file", "",
     "File that text messages are written to instead of being sent; empty: none, in the demo sms.jsonl of "
     "data.dir."},
    {"notices.quiet", "21:30-08:00",
     "Local hours in which only urgent notices leave by e-mail or text message; empty: none."},
    {"county.phone", "0477-12345", "Telephone number that error pages and the footer show."},
    {"county.utc_offset_minutes", "480", "The county's offset from UTC."},
    {"demo", "false", "Demo county: ribbon and one-click sign-in from loopback. Never in production."},
};

const ConfigKey* find(std::string_view name) {
    const auto* key = std::find_if(std::begin(all), std::end(all), [&](const ConfigKey& k) { return k.name == name; });
    return key == std::end(all) ? nullptr : key;
}

void known(std::string_view key, std::string_view place) {
    if (find(key)) return;
    throw Error(400, "core.config.unknown_key",
                Value::map([&](MapWriter& m) { m.set("key", key).set("place", place); }));
}

/// The key that an environment name stands for: `DALATE_DATA_DIR` is `data.dir`, and so is any key whose dots were
/// written as underscores.
std::string fromEnvironment(std::string_view name) {
    for (const ConfigKey& key : all) {
        std::string shape = "DALATE_";
        for (const char c : key.name)
            shape += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (shape == name) return std::string(key.name);
    }
    throw Error(400, "core.config.unknown_key",
                Value::map([&](MapWriter& m) { m.set("key", name).set("place", "environment"); }));
}

Poco::AutoPtr<Poco::Util::MapConfiguration> flagLayer(const std::map<std::string, std::string>& flags) {
    Poco::AutoPtr<Poco::Util::MapConfiguration> layer = new Poco::Util::MapConfiguration;
    for (const auto& [key, value] : flags) {
        known(key, "command line");
        layer->setString(key, value);
    }
    return layer;
}

Poco::AutoPtr<Poco::Util::MapConfiguration> environmentLayer(std::span<const char* const> environment) {
    Poco::AutoPtr<Poco::Util::MapConfiguration> layer = new Poco::Util::MapConfiguration;
    for (const std::string_view entry : environment) {
        const std::size_t equals = entry.find('=');
        if (!entry.starts_with("DALATE_") || equals == std::string_view::npos) continue;
        // Where the tests find outside data; it is no setting of the daemon.
        if (entry.substr(0, equals) == "DALATE_CORPORA") continue;
        layer->setString(fromEnvironment(entry.substr(0, equals)), std::string(entry.substr(equals + 1)));
    }
    return layer;
}

void checkFile(const Poco::Util::AbstractConfiguration& file, const std::string& prefix, const std::string& place) {
    Poco::Util::AbstractConfiguration::Keys names;
    file.keys(prefix, names);
    if (names.empty()) known(prefix, place);
    for (const std::string& name : names) checkFile(file, prefix.empty() ? name : prefix + "." + name, place);
}

[[noreturn]] void badValue(std::string_view key, std::string_view value, std::string_view expected) {
    throw Error(400, "core.config.bad_value", Value::map([&](MapWriter& m) {
                    m.set("key", key).set("value", value).set("expected", expected);
                }));
}

} // namespace

Config::Config(const std::map<std::string, std::string>& flags, const std::filesystem::path& file,
               std::span<const char* const> environment)
    : layers_(new Poco::Util::LayeredConfiguration) {
    layers_->add(flagLayer(flags), 0);
    layers_->add(environmentLayer(environment), 1);
    Poco::AutoPtr<Poco::Util::MapConfiguration> defaults = new Poco::Util::MapConfiguration;
    for (const ConfigKey& key : all) defaults->setString(std::string(key.name), std::string(key.fallback));
    layers_->add(defaults, 3);

    const std::filesystem::path properties = file.empty() ? path("data.dir") / "dalate.properties" : file;
    if (std::filesystem::exists(properties)) {
        Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> layer =
            new Poco::Util::PropertyFileConfiguration(properties.string());
        Poco::Util::AbstractConfiguration::Keys names;
        layer->keys(names);
        for (const std::string& name : names) checkFile(*layer, name, properties.string());
        layers_->add(layer, 2);
    } else if (!file.empty()) {
        throw Error(400, "core.config.no_file", Value::map([&](MapWriter& m) { m.set("file", file.string()); }));
    }
    checkValues();
}

std::span<const ConfigKey> Config::keys() { return all; }

std::string Config::text(std::string_view key) const { return layers_->getString(std::string(key)); }

std::int64_t Config::number(std::string_view key) const {
    const std::string value = text(key);
    Poco::Int64 n = 0;
    if (!Poco::NumberParser::tryParse64(value, n)) badValue(key, value, "a whole number");
    return n;
}

bool Config::flag(std::string_view key) const {
    const std::string value = text(key);
    if (value == "true") return true;
    if (value == "false") return false;
    badValue(key, value, "true or false");
}

std::filesystem::path Config::path(std::string_view key) const {
    return std::filesystem::absolute(text(key)).lexically_normal();
}

std::vector<std::string> Config::list(std::string_view key) const {
    const Poco::StringTokenizer parts(text(key), ",",
                                      Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {parts.begin(), parts.end()};
}

void Config::checkValues() const {
    for (const std::string_view key :
         {"http.workers", "http.queue", "http.connections", "http.drain_seconds", "http.person_posts",
          "http.address_posts", "spool.quota_mib", "jobs.threads", "database.busy_ms", "node.id",
          "files.max_mib", "files.account_mib", "files.organisation_mib", "files.leave_free_mib"})
        if (number(key) < 0) badValue(key, text(key), "zero or more");
    for (const std::string_view key : {"files.clamd_seconds", "files.collect_seconds", "files.orphan_seconds",
                                       "files.max_megapixels"})
        if (number(key) < 1) badValue(key, text(key), "one or more");
    for (const std::string_view key : {"http.head_seconds", "http.write_stall_seconds"})
        if (number(key) < 1 || number(key) > 3600) badValue(key, text(key), "1 to 3600");
    if (number("node.id") > 63) badValue("node.id", text("node.id"), "0 to 63");
    number("county.utc_offset_minutes");
    flag("demo");
    const std::string form = text("log.form");
    if (form != "text" && form != "json") badValue("log.form", form, "text or json");
    const std::string level = text("log.level");
    const std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
    if (std::find(levels.begin(), levels.end(), level) == levels.end())
        badValue("log.level", level, "debug, info, warning or error");
}

} // namespace dalate::app
