// SPDX-License-Identifier: Apache-2.0
// What a method of a shared service takes: a short table of keys, each with its type. Whoever calls learns of
// a mistyped key at once, instead of being served as if it had said nothing.
#pragma once

#include "services/Registry.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services {

/// One key that a method takes.
struct Argument {
    enum class Type {
        any,    ///< judged by the method itself
        text,   ///< a text
        id,     ///< a whole number or a text; which one there is, the method says
        number, ///< a whole number, or a text that is written as one
        yesno,  ///< true or false
        map,
        list
    };
    enum class Need { optional, required };

    std::string_view key;
    Type type = Type::any;
    Need need = Need::optional;
    /// Of a text: the most bytes; 0: as many as the call carries.
    std::size_t longest = 0;
};

/// The keys of one method. The words borrow: give literals. Immutable; safe from any thread. Callers: every
/// service of the core that plugins call, notices/1 and cases/1 also for the maps within their arguments.
class Arguments {
public:
    /// `where` stands before each key in what is told, "to." for the keys of a map within.
    Arguments(std::string_view service, std::string_view method, std::initializer_list<Argument> takes,
              std::string_view where = {})
        : service_(service), method_(method), where_(where), takes_(takes) {}

    /// Throws `Error` 422, details service, method and key: `core.argument.unknown` for a key that the table
    /// does not have, `core.argument.missing`, `core.argument.type`, `core.argument.long` (details: also
    /// most). What is null is as if it were not there; null for all of them is no argument at all. What is no
    /// map has the wrong type.
    void check(ValueView in) const;

private:
    [[noreturn]] void refuse(std::string_view id, std::string_view key, std::size_t most = 0) const;

    std::string service_, method_, where_;
    std::vector<Argument> takes_;
};

/// Adds a method of the core to the registry that is asked only with what it takes.
void offerChecked(Registry& registry, std::string_view service, std::string_view method, Touch touch,
                  std::initializer_list<Argument> takes, Method answer);

} // namespace dalate::services
