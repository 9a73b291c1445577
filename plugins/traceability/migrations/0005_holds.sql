-- SPDX-License-Identifier: Apache-2.0
-- What the cases of this plugin are about (kase: the engine's case), and what is attached to a paper.

-- A lot that may not be sold (查封, 暂停销售). A row begins as a proposal (held_at 0), is in force between held_at and
-- released_at, and a proposal that came to nothing has a released_at alone. `due_at`: by when it is to be decided;
-- `unknown_year`: a year whose holidays that moment does not know, or 0. `traced`: whether its holders have been looked
-- for: 0 not yet, 1 all of them, 2 as many as could be found.
CREATE TABLE traceability_lot_hold (
    kase BIGINT NOT NULL PRIMARY KEY,
    node BIGINT NOT NULL,
    number VARCHAR(40) NOT NULL,
    measure VARCHAR(12) NOT NULL,
    ground VARCHAR(12) NOT NULL,
    basis VARCHAR(400) NOT NULL,
    proposed_at BIGINT NOT NULL,
    held_at BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL DEFAULT 0,
    unknown_year BIGINT NOT NULL DEFAULT 0,
    released_at BIGINT NOT NULL DEFAULT 0,
    traced BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX traceability_lot_hold_node ON traceability_lot_hold (node, held_at);

-- The organisations that have a held lot or something made of it, and how many of their people were told.
CREATE TABLE traceability_hold_holder (
    kase BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    people BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    released_told_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kase, organisation)
);

-- The lot that a complaint is about; node 0: one that nobody recorded, or none was named.
CREATE TABLE traceability_complaint (
    kase BIGINT NOT NULL PRIMARY KEY,
    node BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE INDEX traceability_complaint_node ON traceability_complaint (node, opened_at);

-- A paper may have its document with it; one of node 0 is its organisation's and stands with all of its lots.
ALTER TABLE traceability_paper ADD COLUMN document BIGINT NOT NULL DEFAULT 0;
ALTER TABLE traceability_paper ADD COLUMN document_type VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE traceability_paper ADD COLUMN document_size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE traceability_paper ADD COLUMN is_public BIGINT NOT NULL DEFAULT 1;
CREATE INDEX traceability_paper_organisation ON traceability_paper (organisation, node, issued_at);
