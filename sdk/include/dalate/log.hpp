// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/host.hpp>

/// Log lines with a message id of the plugin's own and typed fields (a map). Never personal data: no names,
/// numbers or texts of people. Safe from any thread.
namespace dalate::log {

inline void debug(const Host& host, std::string_view messageId, ValueView fields = {}) {
    host.table().log(host.place(), DALATE_LOG_DEBUG, detail::str(messageId), detail::raw(fields));
}
inline void info(const Host& host, std::string_view messageId, ValueView fields = {}) {
    host.table().log(host.place(), DALATE_LOG_INFO, detail::str(messageId), detail::raw(fields));
}
inline void warning(const Host& host, std::string_view messageId, ValueView fields = {}) {
    host.table().log(host.place(), DALATE_LOG_WARNING, detail::str(messageId), detail::raw(fields));
}
inline void error(const Host& host, std::string_view messageId, ValueView fields = {}) {
    host.table().log(host.place(), DALATE_LOG_ERROR, detail::str(messageId), detail::raw(fields));
}

} // namespace dalate::log
