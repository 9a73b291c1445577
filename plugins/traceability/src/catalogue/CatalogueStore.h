// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability {

/// A name in the portal's languages; Chinese is always there.
struct Name {
    std::string zh, en, mn;

    /// In the language of a page; Chinese where there is none.
    const std::string& in(std::string_view language) const noexcept;
};

/// What is sold under a GTIN (产品).
struct Product {
    std::string gtin; ///< 14 digits
    Name name;
    std::string category; ///< vegetable, fruit, fish, meat, egg, grain, other
    std::int64_t organisation = 0;
    std::string organisationName; ///< the grower, as buyers read it
};

/// Who or where a GLN is (主体, 地块, 场所).
struct Party {
    std::string uri; ///< canonical, AI 414 or 417
    Name name;
    std::int64_t organisation = 0;
};

/// A certificate or a test of a lot (承诺达标合格证, 检疫证, 检测单), or a certificate of an organisation.
struct Paper {
    std::int64_t id = 0;
    Node node = 0; ///< 0: of its organisation, whatever the lot
    bool isTest = false;
    std::string title, number, issuer, note;
    Time issuedAt = 0;
    std::string result; ///< pass, fail, none
    std::int64_t organisation = 0;
    std::int64_t document = 0; ///< its file; 0: none
    std::string documentType;
    std::int64_t documentSize = 0;
    bool isPublic = true; ///< of the document: whether whoever scans the code may open it
};

/// A place in the list of lots: when a lot was first made, and its number among those of one moment.
struct LotPlace {
    Time firstAt = never;
    Node node = 0;
};

struct LotRow {
    Node node = 0;
    std::string gtin, lot;
    std::int64_t organisation = 0;
    Time firstAt = 0;
};

/// Master data. What stands here is public: it is shown to whoever scans a code. In the caller's transaction.
class CatalogueStore {
public:
    explicit CatalogueStore(Tx& tx) noexcept : tx_(tx) {}

    std::optional<Product> product(std::string_view gtin);
    std::vector<Product> products(std::int64_t organisation);
    /// False where the GTIN is another organisation's.
    bool put(const Product& product);

    std::optional<Party> party(std::string_view uri);
    /// Of an organisation; every one where it is nothing. `prefix`: the beginning of the identifier.
    std::vector<Party> parties(std::optional<std::int64_t> organisation, std::string_view prefix);
    bool put(const Party& party);

    /// Of a lot, and its organisation's certificates where it is not 0; by day.
    std::vector<Paper> papers(Node node, std::int64_t organisation = 0);
    /// What the organisation brought, the latest first.
    std::vector<Paper> papersOf(std::int64_t organisation, std::size_t limit);
    std::optional<Paper> paper(std::int64_t id);
    void add(const Paper& paper);

    /// Lots behind the place `after`, newest first; of one organisation, or of all. A lot whose making was declared an
    /// error is none.
    std::vector<LotRow> lots(std::optional<std::int64_t> organisation, LotPlace after, std::size_t limit);
    std::optional<LotRow> lot(Node node);
    /// How many lots of the GTIN begin with `prefix`.
    std::int64_t countLots(std::string_view gtin, std::string_view prefix);

private:
    Tx& tx_;
};

} // namespace dalate::traceability
