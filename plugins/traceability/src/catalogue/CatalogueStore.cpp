// SPDX-License-Identifier: Apache-2.0
#include "catalogue/CatalogueStore.h"

namespace dalate::traceability {

namespace {

Name nameOf(const Rows& rows, std::size_t column) {
    return {std::string(rows.text(column)), std::string(rows.text(column + 1)), std::string(rows.text(column + 2))};
}

Product productOf(const Rows& rows) {
    return {std::string(rows.text(0)), nameOf(rows, 1), std::string(rows.text(4)), rows.integer(5),
            std::string(rows.text(6))};
}

Party partyOf(const Rows& rows) { return {std::string(rows.text(0)), nameOf(rows, 1), rows.integer(4)}; }

LotRow lotOf(const Rows& rows) {
    return {rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)), rows.integer(3), rows.integer(4)};
}

Paper paperOf(const Rows& rows) {
    Paper p;
    p.id = rows.integer(0);
    p.node = rows.integer(1);
    p.isTest = rows.text(2) == "test";
    p.title = rows.text(3);
    p.number = rows.text(4);
    p.issuer = rows.text(5);
    p.issuedAt = rows.integer(6);
    p.result = rows.text(7);
    p.note = rows.text(8);
    p.organisation = rows.integer(9);
    p.document = rows.integer(10);
    p.documentType = rows.text(11);
    p.documentSize = rows.integer(12);
    p.isPublic = rows.integer(13) != 0;
    return p;
}

} // namespace

const std::string& Name::in(std::string_view language) const noexcept {
    if (language == "en" && !en.empty()) return en;
    if (language == "mn-Mong" && !mn.empty()) return mn;
    return zh;
}

std::optional<Product> CatalogueStore::product(std::string_view gtin) {
    Rows rows = tx_.query("SELECT gtin, name_zh, name_en, name_mn, category, organisation, organisation_name "
                          "FROM traceability_product WHERE gtin = :gtin",
                          {{"gtin", gtin}});
    return rows.next() ? std::optional(productOf(rows)) : std::nullopt;
}

std::vector<Product> CatalogueStore::products(std::int64_t organisation) {
    Rows rows = tx_.query("SELECT gtin, name_zh, name_en, name_mn, category, organisation, organisation_name "
                          "FROM traceability_product WHERE organisation = :organisation ORDER BY gtin LIMIT 200",
                          {{"organisation", organisation}});
    std::vector<Product> found;
    while (rows.next()) found.push_back(productOf(rows));
    return found;
}

bool CatalogueStore::put(const Product& p) {
    if (const auto known = product(p.gtin)) {
        if (known->organisation != p.organisation) return false;
        tx_.exec("UPDATE traceability_product SET name_zh = :zh, name_en = :en, name_mn = :mn, category = :category, "
                 "organisation_name = :organisation_name WHERE gtin = :gtin",
                 {{"gtin", p.gtin}, {"zh", p.name.zh}, {"en", p.name.en}, {"mn", p.name.mn}, {"category", p.category},
                  {"organisation_name", p.organisationName}});
        return true;
    }
    tx_.exec("INSERT INTO traceability_product "
             "(gtin, name_zh, name_en, name_mn, category, organisation, organisation_name) "
             "VALUES (:gtin, :zh, :en, :mn, :category, :organisation, :organisation_name)",
             {{"gtin", p.gtin}, {"zh", p.name.zh}, {"en", p.name.en}, {"mn", p.name.mn}, {"category", p.category},
              {"organisation", p.organisation}, {"organisation_name", p.organisationName}});
    return true;
}

std::optional<Party> CatalogueStore::party(std::string_view uri) {
    Rows rows = tx_.query("SELECT uri, name_zh, name_en, name_mn, organisation FROM traceability_party WHERE uri = :uri",
                          {{"uri", uri}});
    return rows.next() ? std::optional(partyOf(rows)) : std::nullopt;
}

std::vector<Party> CatalogueStore::parties(std::optional<std::int64_t> organisation, std::string_view prefix) {
    const std::string end = std::string(prefix) + "\x7f";
    Rows rows = tx_.query("SELECT uri, name_zh, name_en, name_mn, organisation FROM traceability_party "
                          "WHERE (:organisation IS NULL OR organisation = :organisation) "
                          "AND uri >= :first AND uri < :end ORDER BY uri LIMIT 500",
                          {{"organisation", organisation}, {"first", prefix}, {"end", end}});
    std::vector<Party> found;
    while (rows.next()) found.push_back(partyOf(rows));
    return found;
}

bool CatalogueStore::put(const Party& p) {
    if (const auto known = party(p.uri)) {
        if (known->organisation != p.organisation) return false;
        tx_.exec("UPDATE traceability_party SET name_zh = :zh, name_en = :en, name_mn = :mn WHERE uri = :uri",
                 {{"uri", p.uri}, {"zh", p.name.zh}, {"en", p.name.en}, {"mn", p.name.mn}});
        return true;
    }
    tx_.exec("INSERT INTO traceability_party (uri, name_zh, name_en, name_mn, organisation) "
             "VALUES (:uri, :zh, :en, :mn, :organisation)",
             {{"uri", p.uri}, {"zh", p.name.zh}, {"en", p.name.en}, {"mn", p.name.mn},
              {"organisation", p.organisation}});
    return true;
}

std::vector<Paper> CatalogueStore::papers(Node node, std::int64_t organisation) {
    std::vector<Paper> found;
    if (organisation != 0) {
        Rows rows = tx_.query("SELECT id, node, kind, title, number, issuer, issued_at, result, note, organisation, document, "
                              "document_type, document_size, is_public FROM traceability_paper "
                              "WHERE organisation = :organisation AND node = 0 ORDER BY issued_at, id LIMIT 20",
                              {{"organisation", organisation}});
        while (rows.next()) found.push_back(paperOf(rows));
    }
    Rows rows = tx_.query("SELECT id, node, kind, title, number, issuer, issued_at, result, note, organisation, document, "
                          "document_type, document_size, is_public FROM traceability_paper "
                          "WHERE node = :node ORDER BY issued_at, id LIMIT 50",
                          {{"node", node}});
    while (rows.next()) found.push_back(paperOf(rows));
    return found;
}

std::vector<Paper> CatalogueStore::papersOf(std::int64_t organisation, std::size_t limit) {
    Rows rows = tx_.query("SELECT id, node, kind, title, number, issuer, issued_at, result, note, organisation, document, "
                          "document_type, document_size, is_public FROM traceability_paper "
                          "WHERE organisation = :organisation ORDER BY id DESC LIMIT :most",
                          {{"organisation", organisation}, {"most", limit}});
    std::vector<Paper> found;
    while (rows.next()) found.push_back(paperOf(rows));
    return found;
}

std::optional<Paper> CatalogueStore::paper(std::int64_t id) {
    Rows rows = tx_.query("SELECT id, node, kind, title, number, issuer, issued_at, result, note, organisation, document, "
                          "document_type, document_size, is_public FROM traceability_paper WHERE id = :id",
                          {{"id", id}});
    return rows.next() ? std::optional(paperOf(rows)) : std::nullopt;
}

void CatalogueStore::add(const Paper& p) {
    tx_.exec("INSERT INTO traceability_paper (id, node, kind, title, number, issuer, issued_at, result, note, organisation, "
             "document, document_type, document_size, is_public) "
             "VALUES (:id, :node, :kind, :title, :number, :issuer, :issued_at, :result, :note, :organisation, "
             ":document, :document_type, :document_size, :is_public)",
             {{"id", p.id}, {"node", p.node}, {"kind", p.isTest ? "test" : "certificate"}, {"title", p.title},
              {"number", p.number}, {"issuer", p.issuer}, {"issued_at", p.issuedAt}, {"result", p.result},
              {"note", p.note}, {"organisation", p.organisation}, {"document", p.document},
              {"document_type", p.documentType}, {"document_size", p.documentSize}, {"is_public", p.isPublic ? 1 : 0}});
}

std::vector<LotRow> CatalogueStore::lots(std::optional<std::int64_t> organisation, LotPlace after, std::size_t limit) {
    Rows rows = tx_.query("SELECT node, gtin, lot, organisation, first_at FROM traceability_lot "
                          "WHERE (:organisation IS NULL OR organisation = :organisation) "
                          "AND first_at <= :at AND (first_at < :at OR node < :node) "
                          "AND EXISTS (SELECT 1 FROM traceability_moment m "
                          "WHERE m.node = traceability_lot.node AND m.milestone = 1) "
                          "ORDER BY first_at DESC, node DESC LIMIT :most",
                          {{"organisation", organisation}, {"at", after.firstAt}, {"node", after.node}, {"most", limit}});
    std::vector<LotRow> found;
    found.reserve(limit);
    while (rows.next()) found.push_back(lotOf(rows));
    return found;
}

std::optional<LotRow> CatalogueStore::lot(Node node) {
    Rows rows = tx_.query("SELECT node, gtin, lot, organisation, first_at FROM traceability_lot WHERE node = :node "
                          "AND EXISTS (SELECT 1 FROM traceability_moment m WHERE m.node = :node AND m.milestone = 1)",
                          {{"node", node}});
    return rows.next() ? std::optional(lotOf(rows)) : std::nullopt;
}

std::int64_t CatalogueStore::countLots(std::string_view gtin, std::string_view prefix) {
    const std::string end = std::string(prefix) + "\x7f";
    Rows rows = tx_.query("SELECT COUNT(*) FROM traceability_lot WHERE gtin = :gtin AND lot >= :first AND lot < :end",
                          {{"gtin", gtin}, {"first", prefix}, {"end", end}});
    return rows.next() ? rows.integer(0) : 0;
}

} // namespace dalate::traceability
