// SPDX-License-Identifier: Apache-2.0
#include "admin/Colleagues.h"

#include "identity/Accounts.h"
#include "storage/Tx.h"

#include <algorithm>
#include <charconv>

namespace dalate::admin {

std::vector<CountyForm::Option> colleagues(storage::Tx& tx, std::int64_t organisation) {
    std::vector<CountyForm::Option> people;
    for (const identity::Account& account : identity::Accounts::list(tx)) {
        const bool staff = std::any_of(account.roles.begin(), account.roles.end(),
                                       [](const std::string& role) { return identity::role::isStaff(role); });
        if (account.organisation == organisation && organisation != 0 && !account.disabled && staff)
            people.push_back({std::to_string(account.id), account.name + " (" + account.login + ")"});
    }
    return people;
}

std::int64_t numberIn(const std::string& text) noexcept {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size() ? number : 0;
}

} // namespace dalate::admin
