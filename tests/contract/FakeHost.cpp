// SPDX-License-Identifier: Apache-2.0
#include "FakeHost.h"

#include "base/Clock.h"
#include "base/Json.h"
#include "base/Log.h"
#include "storage/Migrator.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cstdlib>
#include <thread>

using namespace dalate;
using namespace dalate::plugin;

namespace {

std::string_view text(dalate_str s) {
    return {s.p, s.p ? s.n : 0};
}

void logLine(dalate_host* host, int32_t, dalate_str id, dalate_value) {
    host->all->note(host->plugin + " " + std::string(text(id)));
}

dalate_status callText(dalate_call* call, int32_t field, dalate_str name, dalate_str* out) {
    std::string value;
    if (field == DALATE_FIELD_HEADER && call->header)
        value = call->header(text(name));
    else if (field == DALATE_FIELD_FAILURE)
        value = call->messageId;
    if (value.empty()) return 404;
    std::string& kept = call->kept[std::to_string(field) + std::string(text(name))] = value;
    *out = {kept.data(), kept.size()};
    return DALATE_OK;
}

dalate_status reply(dalate_call* call, int32_t status, dalate_str, dalate_str body) {
    call->status = status;
    call->body = text(body);
    call->messageId.clear();
    return DALATE_OK;
}

dalate_status replyHeader(dalate_call* call, dalate_str name, dalate_str value) {
    call->headers += std::string(text(name)) + ": " + std::string(text(value)) + "\n";
    return DALATE_OK;
}

void fail(dalate_call* call, int32_t status, dalate_str id, dalate_value details) {
    call->status = status;
    call->messageId = text(id);
    call->details = json::write(ValueView(details.p, details.n));
}

dalate_status noValue(dalate_call*, int32_t, dalate_value*) {
    return 404;
}

struct Place : HostPlace {
    dalate_host* handle() noexcept override { return &host; }
    const std::vector<Need>& needs() const noexcept override { return named; }
    std::vector<Need> named;
    dalate_host host;
};

} // namespace

const dalate_host_v1* FakeHost::table() noexcept {
    static const dalate_host_v1 table = [] {
        dalate_host_v1 t{};
        t.size = sizeof t;
        t.major = DALATE_ABI_MAJOR;
        t.minor = DALATE_ABI_MINOR;
        t.log = logLine;
        t.call_text = callText;
        t.call_value = noValue;
        t.reply = reply;
        t.reply_header = replyHeader;
        t.fail = fail;
        return t;
    }();
    return &table;
}

std::unique_ptr<HostPlace> FakeHost::open(const Manifest& manifest, const std::filesystem::path&) {
    auto place = std::make_unique<Place>();
    place->host.all = this;
    place->host.plugin = manifest.id;
    return place;
}

void FakeHost::install(const Manifest& manifest, HostPlace&, const std::filesystem::path& folder) {
    storage::Migrator(pool_).run(manifest.id, folder / "migrations");
}

std::optional<Error> FakeHost::start(const Generation& generation) {
    dalate_call call;
    const Outcome outcome = invoke_->start(generation, &call);
    if (outcome.kind != Outcome::Kind::returned)
        return Error(outcome.status, std::string(outcome.messageId()));
    if (outcome.status == DALATE_OK) return std::nullopt;
    return Error(outcome.status, call.messageId.empty() ? "core.plugin.failed" : call.messageId);
}

std::vector<std::string> FakeHost::logged() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

void FakeHost::note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
}

House::House(Options options) : data_(options.data), ownsData_(options.data.empty()) {
    if (ownsData_) {
        std::string name = (std::filesystem::temp_directory_path() / "dalate-zoo-XXXXXX").string();
        data_ = mkdtemp(name.data());
    }
    storage::PoolOptions database;
    database.file = data_ / "dalate.db";
    pool_ = std::make_unique<storage::Pool>(database);
    storage::Migrator(*pool_).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
    host = std::make_unique<FakeHost>(*pool_);
    LifecycleOptions life;
    life.folders = options.plugins;
    life.data = data_;
    life.schema = std::filesystem::path(DALATE_SOURCE_DIR) / "sdk/schema/plugin.schema.json";
    life.drain = options.drain;
    lifecycle = std::make_unique<Lifecycle>(life, *pool_, *host);
    host->attach(lifecycle->invoke());
    lifecycle->start();
}

House::~House() {
    lifecycle.reset();
    host.reset();
    pool_.reset();
    if (ownsData_) std::filesystem::remove_all(data_);
}

PluginStatus House::enable(std::string_view plugin) {
    lifecycle->want(plugin, Desired::enabled, "operator");
    lifecycle->settle(std::chrono::seconds(30));
    return status(plugin);
}

PluginStatus House::disable(std::string_view plugin) {
    lifecycle->want(plugin, Desired::disabled, "operator");
    lifecycle->settle(std::chrono::seconds(30));
    return status(plugin);
}

PluginStatus House::status(std::string_view plugin) const {
    auto found = lifecycle->status(plugin);
    if (!found) throw std::runtime_error("no plugin " + std::string(plugin));
    return *found;
}

std::string House::told(std::string_view plugin) const {
    const PluginStatus s = status(plugin);
    std::string out(name(s.state));
    if (s.state == State::rejected || s.state == State::failed) out += " after " + std::string(name(s.step));
    for (const Problem& p : s.problems)
        out += " " + p.id + "@" + p.where;
    return out;
}

bool House::comesTo(std::string_view plugin, State state, std::chrono::milliseconds most) const {
    const auto until = std::chrono::steady_clock::now() + most;
    while (status(plugin).state != state) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

std::string House::get(std::string_view plugin, std::string_view wish, const std::function<bool()>& go,
                       std::string_view requestId) {
    Match match = lifecycle->current().get()->routes().match("GET", "/" + std::string(plugin));
    if (match.kind != Match::Kind::found) return "404";
    dalate_call call;
    call.header = [&](std::string_view name) -> std::string {
        if (name == "do") return std::string(wish);
        return name == "go" && (!go || go()) ? "yes" : "";
    };
    const Outcome outcome =
        lifecycle->invoke().run(*match.lease, match.handler, &call,
                                {"route", match.route->name, requestId, steadyNow() + match.route->timeout});
    if (outcome.kind != Outcome::Kind::returned)
        return std::to_string(outcome.status) + " " + std::string(outcome.messageId());
    if (outcome.status != DALATE_OK)
        return std::to_string(outcome.status) + " " +
               (call.messageId.empty() ? "-" : call.messageId + " " + call.details);
    return std::to_string(call.status) + " " + call.body;
}
