// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <dalate/value.hpp>

namespace dalate::log {

/// In the order of the ABI's DALATE_LOG_ constants.
enum class Level { debug = 1, info = 2, warning = 3, error = 4 };
enum class Form { text, json };

/// Where lines go and how they look; called once at start, before threads. Lines go to standard error.
void configure(Form form, Level least);

/// Writes one line: time, level, message id, request id, fields. The id stands in `runtime/data/messages.json` with
/// its text, cause and remedy. `fields` is a map; its texts are escaped, so a line is always one line. Never
/// pass personal data. Safe from any thread.
void write(Level level, std::string_view messageId, ValueView fields = {});

inline void info(std::string_view id, ValueView fields = {}) { write(Level::info, id, fields); }
inline void warning(std::string_view id, ValueView fields = {}) { write(Level::warning, id, fields); }
inline void error(std::string_view id, ValueView fields = {}) { write(Level::error, id, fields); }

/// Names the request that this thread works for; the lines it writes meanwhile carry the id.
class RequestScope {
public:
    explicit RequestScope(std::string_view requestId);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;
};

} // namespace dalate::log
