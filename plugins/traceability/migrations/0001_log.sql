-- SPDX-License-Identifier: Apache-2.0
-- The event log and what searches it. Times are microseconds since 1970-01-01T00:00:00Z, 0 where there is none.
-- SQLite: tables that are only ever read along their key are WITHOUT ROWID, and a rowid is the key of the others;
-- on MariaDB both are what InnoDB does by itself, so 0001_log.mysql.sql differs in those words alone.

-- Every identifier once. The low three bits of its number are its kind (src/trace/Node.h).
CREATE TABLE traceability_ident (
    id INTEGER NOT NULL PRIMARY KEY,
    uri VARCHAR(500) NOT NULL UNIQUE
);

-- Append only, but for `voided`: the declaration that said the event was wrong, 0 while it counts. `body` is the
-- event as sent with @context, eventID and recordTime filled in; `content` is the digest that tells equal events from
-- different ones. Words and places are identifiers, 0 where none was sent.
CREATE TABLE traceability_event (
    id INTEGER NOT NULL PRIMARY KEY,
    event_id VARCHAR(500) NOT NULL,
    declares_error BIGINT NOT NULL CHECK (declares_error IN (0, 1)),
    voided BIGINT NOT NULL DEFAULT 0,
    kind BIGINT NOT NULL,
    type_name VARCHAR(500) NOT NULL,
    event_time BIGINT NOT NULL,
    record_time BIGINT NOT NULL,
    action BIGINT NOT NULL,
    biz_step BIGINT NOT NULL,
    disposition BIGINT NOT NULL,
    read_point BIGINT NOT NULL,
    biz_location BIGINT NOT NULL,
    sender BIGINT NOT NULL,
    receiver BIGINT NOT NULL,
    content VARCHAR(64) NOT NULL,
    body TEXT NOT NULL,
    organisation BIGINT NOT NULL,
    captured_by BIGINT NOT NULL,
    capture BIGINT NOT NULL,
    UNIQUE (event_id, declares_error)
);
CREATE INDEX traceability_event_time ON traceability_event (event_time, id);
CREATE INDEX traceability_event_step ON traceability_event (biz_step, id);
CREATE INDEX traceability_event_capture ON traceability_event (capture, id);

-- Where identifiers stand in events; `field` as in epcis::Field.
CREATE TABLE traceability_event_key (
    ident BIGINT NOT NULL,
    field BIGINT NOT NULL,
    event BIGINT NOT NULL,
    PRIMARY KEY (ident, field, event)
) WITHOUT ROWID;

-- A document on its way in. `position` is the first event that is not yet decided; it moves in the transaction that
-- stores the events before it. The document goes once the work is over.
CREATE TABLE traceability_capture (
    id INTEGER NOT NULL PRIMARY KEY,
    job VARCHAR(40) NOT NULL,
    behaviour VARCHAR(8) NOT NULL CHECK (behaviour IN ('rollback', 'proceed')),
    organisation BIGINT NOT NULL,
    captured_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    document TEXT,
    position BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    stored BIGINT NOT NULL DEFAULT 0,
    duplicate BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE traceability_capture_error (
    capture BIGINT NOT NULL,
    number BIGINT NOT NULL,
    event_index BIGINT NOT NULL,
    path VARCHAR(1000) NOT NULL,
    code VARCHAR(120) NOT NULL,
    status BIGINT NOT NULL,
    detail VARCHAR(500) NOT NULL,
    PRIMARY KEY (capture, number)
) WITHOUT ROWID;
