// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalogue/CatalogueStore.h"
#include "epcis/Time.h"
#include "log/Identifiers.h"

#include <dalate/call.hpp>

#include <map>
#include <string>

namespace dalate::traceability {

/// Times, amounts, steps and identifiers as people read them, in the caller's language. The county's clock is UTC+8.
class Wording {
public:
    explicit Wording(const Call& call) noexcept : call_(call) {}

    std::string text(std::string_view id, ValueView values = {}) const { return std::string(call_.tr(id, values)); }
    std::string_view language() const { return call_.language(); }

    std::string time(Time at) const; ///< 2026年7月12日 06:40
    std::string day(Time at) const;  ///< 2026年7月12日
    static std::string iso(Time at); ///< 2026-07-12T06:40:00+08:00
    static std::string date(Time at);///< 2026-07-12

    /// "120 千克"; empty for an unknown amount.
    std::string amount(Amount amount) const;
    /// "PDF, 120 kB"
    std::string document(std::string_view type, std::int64_t octets) const;
    /// "60%"; empty for a negative share.
    static std::string percent(double share);

    /// What a business step is called; its own word where the portal has none.
    std::string step(std::string_view uri) const { return word("traceability.step.", uri); }

private:
    std::string word(std::string_view prefix, std::string_view uri) const;

    const Call& call_;
};

/// The days of a list's rows: neighbours of one day share its text, which is worded once.
class Days {
public:
    explicit Days(const Wording& wording) noexcept : wording_(wording) {}

    /// Wording::day; valid until the next one is asked for.
    const std::string& text(Time at);

private:
    const Wording& wording_;
    epcis::DateTime last_{}; // its month is 0 before the first row
    std::string text_;
};

/// Midnight in the county of a date `2026-07-12`; nothing for any other text.
std::optional<Time> startOfDay(std::string_view date);

/// The last word of a vocabulary URI: `shipping` of https://ref.gs1.org/cbv/BizStep-shipping.
std::string_view lastWord(std::string_view uri) noexcept;

/// The public page of a lot, by its GTIN with 14 digits and its number.
std::string scanPath(std::string_view gtin, std::string_view lot);

/// Names for identifiers, each looked up once. In a transaction.
class Labels {
public:
    Labels(Tx& tx, const Wording& wording) noexcept : catalogue_(tx), identifiers_(tx), wording_(wording) {}

    struct Label {
        std::string text; ///< "西瓜 批次 L1", "物流单元 …", a place's name
        std::string href; ///< the page of a lot or item; empty where it has none
    };
    Label of(Node node);
    Label ofUri(std::string_view uri);
    /// The text of a lot from its GTIN with 14 digits and its number: what a LotRow holds was checked as it was
    /// recorded, so no address need be made and read again.
    std::string lot(const std::string& gtin, std::string_view lot);
    /// The name of a place or party; the number where the catalogue has none.
    std::string place(std::string_view uri);

private:
    Label made(std::string_view uri);
    const std::string& product(const std::string& gtin);

    CatalogueStore catalogue_;
    Identifiers identifiers_;
    const Wording& wording_;
    std::map<std::string, Label, std::less<>> known_;
    std::map<std::string, std::string, std::less<>> products_; // a list shows many lots of few products
};

} // namespace dalate::traceability
