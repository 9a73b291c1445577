// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::services::notices {

/// A notice as it leaves the house: in words, for one address.
struct Letter {
    /// The same under every try of the same notice on the same channel: letters and digits.
    std::string id;
    std::string to;
    std::string subject;
    std::string text;
    /// Where it can be read in full; empty for nowhere.
    std::string link;
};

/// A way out: e-mail, text message. `deliver` is called by one thread at a time.
class Channel {
public:
    virtual ~Channel() = default;
    /// `mail` or `sms`.
    virtual std::string_view name() const noexcept = 0;
    /// Hands the letter over; once it returns the other side has it. Throws `Error`: 503 where a later try
    /// may help, any other status where none will.
    virtual void deliver(const Letter& letter) = 0;
};

} // namespace dalate::services::notices
