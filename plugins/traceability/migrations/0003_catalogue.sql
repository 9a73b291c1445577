-- SPDX-License-Identifier: Apache-2.0
-- Master data, small: who is behind a location or party number, what a product is called, what is attached to a lot.
CREATE TABLE traceability_product (
    gtin VARCHAR(14) NOT NULL PRIMARY KEY,
    name_zh VARCHAR(200) NOT NULL,
    name_en VARCHAR(200) NOT NULL,
    name_mn VARCHAR(200) NOT NULL,
    category VARCHAR(60) NOT NULL,
    organisation BIGINT NOT NULL,
    organisation_name VARCHAR(200) NOT NULL
);
CREATE INDEX traceability_product_organisation ON traceability_product (organisation, gtin);

-- `uri`: the canonical identifier of a place (AI 414) or a party (AI 417).
CREATE TABLE traceability_party (
    uri VARCHAR(500) NOT NULL PRIMARY KEY,
    name_zh VARCHAR(200) NOT NULL,
    name_en VARCHAR(200) NOT NULL,
    name_mn VARCHAR(200) NOT NULL,
    organisation BIGINT NOT NULL
);
CREATE INDEX traceability_party_organisation ON traceability_party (organisation);

-- Derived from events: the lots that were made, newest first on the lists. `node` as in traceability_ident.
CREATE TABLE traceability_lot (
    node INTEGER NOT NULL PRIMARY KEY,
    gtin VARCHAR(14) NOT NULL,
    lot VARCHAR(20) NOT NULL,
    organisation BIGINT NOT NULL,
    first_at BIGINT NOT NULL
);
CREATE INDEX traceability_lot_organisation ON traceability_lot (organisation, first_at);
CREATE INDEX traceability_lot_time ON traceability_lot (first_at);
CREATE INDEX traceability_lot_gtin ON traceability_lot (gtin, lot);

-- Certificates (承诺达标合格证, 检疫证) and tests of a lot; `kind`: certificate, test. Public: they stand on the scan page.
CREATE TABLE traceability_paper (
    id INTEGER NOT NULL PRIMARY KEY,
    node BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL CHECK (kind IN ('certificate', 'test')),
    title VARCHAR(200) NOT NULL,
    number VARCHAR(80) NOT NULL,
    issuer VARCHAR(200) NOT NULL,
    issued_at BIGINT NOT NULL,
    result VARCHAR(8) NOT NULL CHECK (result IN ('pass', 'fail', 'none')),
    note VARCHAR(500) NOT NULL,
    organisation BIGINT NOT NULL
);
CREATE INDEX traceability_paper_node ON traceability_paper (node, issued_at);

-- A farmer's own records (农事记录): each is one event. Hers and her cooperative's.
CREATE TABLE traceability_record (
    id INTEGER NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL CHECK (kind IN ('harvest', 'pesticide', 'packing', 'dispatch')),
    node BIGINT NOT NULL,
    event BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    summary VARCHAR(500) NOT NULL,
    voided_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX traceability_record_person ON traceability_record (person, recorded_at);
CREATE INDEX traceability_record_organisation ON traceability_record (organisation, recorded_at);
