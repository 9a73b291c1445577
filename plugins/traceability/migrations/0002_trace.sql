-- SPDX-License-Identifier: Apache-2.0
-- The trace graph in both directions, each clustered by the side that a search starts from. `kind` as LinkKind: 1 input,
-- 2 output, 3 member, 4 contained, 5 attached. Amounts in millionths of `unit`, NULL where nobody stated one.
CREATE TABLE traceability_edge_f (
    src BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    dst BIGINT NOT NULL,
    event BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    amount BIGINT,
    unit BIGINT NOT NULL,
    PRIMARY KEY (src, kind, start_at, dst, event)
) WITHOUT ROWID;

CREATE TABLE traceability_edge_b (
    dst BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    src BIGINT NOT NULL,
    event BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    amount BIGINT,
    unit BIGINT NOT NULL,
    PRIMARY KEY (dst, kind, start_at, src, event)
) WITHOUT ROWID;

-- What aggregations and associations said, from which the stays among the edges are reckoned. `child` 0: all leave.
CREATE TABLE traceability_move (
    parent BIGINT NOT NULL,
    child BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event BIGINT NOT NULL,
    relation BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    PRIMARY KEY (parent, child, at, event)
) WITHOUT ROWID;

-- When an item was made (1) and shipped (2).
CREATE TABLE traceability_moment (
    node BIGINT NOT NULL,
    milestone BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (node, milestone, at, event)
) WITHOUT ROWID;

-- What may be wrong when events are read together; `rule` as in src/trace/Finding.h.
CREATE TABLE traceability_finding (
    id INTEGER NOT NULL PRIMARY KEY,
    rule BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    related BIGINT NOT NULL,
    second BIGINT NOT NULL,
    event BIGINT NOT NULL,
    at BIGINT NOT NULL,
    stated BIGINT,
    allowed BIGINT,
    unit BIGINT NOT NULL,
    found_at BIGINT NOT NULL
);
CREATE INDEX traceability_finding_subject ON traceability_finding (subject, rule, related);
CREATE INDEX traceability_finding_rule ON traceability_finding (rule, id);
