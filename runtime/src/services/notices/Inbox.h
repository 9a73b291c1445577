// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}
namespace dalate::portal {
class Translator;
}

namespace dalate::services::notices {

/// One notice as a person has it.
struct Notice {
    std::int64_t id = 0;
    std::string plugin;
    /// Of the kind, in plugin.json.
    std::string name;
    /// Text ids.
    std::string subject, text;
    bool urgent = false;
    /// Path on this site of what it is about; empty for none.
    std::string href;
    /// What fills the texts' gaps: a map.
    Value details;
    Micros sentAt = 0;
    /// 0: not read.
    Micros readAt = 0;
};

/// What a person was told (消息). All of it is of one account: nobody reads another's.
class Inbox {
public:
    /// The newest below `before` (0: of all), at most `limit`; of one plugin where `plugin` is not empty.
    static std::vector<Notice> list(storage::Tx& tx, std::int64_t account, std::string_view plugin,
                                    std::int64_t before, std::int64_t limit);
    /// How many she has not read; of one plugin where `plugin` is not empty.
    static std::int64_t unread(storage::Tx& tx, std::int64_t account, std::string_view plugin = {});
    /// Nothing where she has none of this id.
    static std::optional<Notice> find(storage::Tx& tx, std::int64_t account, std::int64_t id);
    /// Marks one as read; the first reading's time stays. Nothing changes where she has none of this id.
    static void markRead(storage::Tx& tx, std::int64_t account, std::int64_t id, Micros time);
    /// Marks all up to `newest` as read, those that came since are not; how many.
    static std::int64_t markAllRead(storage::Tx& tx, std::int64_t account, std::int64_t newest, Micros time);
};

/// A notice in words.
struct Words {
    std::string subject, text;
};

/// The words of a notice in a language (falling back to zh-CN); nothing where the plugin, and with it its
/// texts, is away.
std::optional<Words> wordsOf(const Notice& notice, const portal::Translator& texts,
                             std::string_view language);

} // namespace dalate::services::notices
