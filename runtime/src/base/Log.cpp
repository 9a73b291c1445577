// SPDX-License-Identifier: Apache-2.0
#include "base/Log.h"

#include "base/Clock.h"
#include "base/Json.h"

#include <atomic>

#include <unistd.h>

namespace dalate::log {

namespace {

std::atomic<Form> form{Form::text};
std::atomic<Level> least{Level::info};

std::string& currentRequest() {
    thread_local std::string id;
    return id;
}

const char* name(Level level) {
    switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    }
    return "error";
}

std::string textLine(Level level, std::string_view id, ValueView fields) {
    std::string line = toRfc3339(now());
    line.append(" ").append(name(level)).append(" ").append(id);
    if (!currentRequest().empty()) line.append(" request=").append(currentRequest());
    for (const ValueView field : fields) {
        line.append(" ").append(field.key()).append("=");
        // JSON's quoting keeps the line one line, whatever the field holds.
        line.append(json::write(field));
    }
    return line;
}

std::string jsonLine(Level level, std::string_view id, ValueView fields) {
    return json::write(Value::map([&](MapWriter& m) {
        m.set("time", toRfc3339(now())).set("level", name(level)).set("id", id);
        if (!currentRequest().empty()) m.set("request", currentRequest());
        if (fields.isMap()) m.set("fields", fields);
    }));
}

} // namespace

void configure(Form f, Level l) {
    form = f;
    least = l;
}

void write(Level level, std::string_view messageId, ValueView fields) {
    if (level < least.load(std::memory_order_relaxed)) return;
    std::string line = form == Form::json ? jsonLine(level, messageId, fields) : textLine(level, messageId, fields);
    line += '\n';
    // One write per line, so that lines of several threads never mix; a full pipe must not stop a worker's reply.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

RequestScope::RequestScope(std::string_view requestId) { currentRequest().assign(requestId); }
RequestScope::~RequestScope() { currentRequest().clear(); }

} // namespace dalate::log
