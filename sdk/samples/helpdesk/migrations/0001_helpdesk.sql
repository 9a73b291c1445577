-- SPDX-License-Identifier: Apache-2.0
-- What the service desk keeps beside its cases. Times are microseconds since 1970-01-01T00:00:00Z, 0 where there is none.

-- One row a ticket; the case is the engine's. `answered` is 1 while the last thing said was the desk's.
CREATE TABLE helpdesk_ticket (
    kase BIGINT NOT NULL PRIMARY KEY,
    category VARCHAR(20) NOT NULL,
    device VARCHAR(20) NOT NULL,
    office VARCHAR(100) NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    replies BIGINT NOT NULL DEFAULT 0,
    answered BIGINT NOT NULL DEFAULT 0 CHECK (answered IN (0, 1))
);

-- What may be lent. `kase` and `holder` name the ticket it is reserved or lent for and the person; `due_at` is when it
-- should be back.
CREATE TABLE helpdesk_asset (
    id BIGINT NOT NULL PRIMARY KEY,
    tag VARCHAR(20) NOT NULL UNIQUE,
    kind VARCHAR(20) NOT NULL,
    model VARCHAR(60) NOT NULL,
    price BIGINT NOT NULL CHECK (price >= 0),
    bought VARCHAR(10) NOT NULL,
    organisation BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('free', 'reserved', 'lent')),
    kase BIGINT NOT NULL,
    holder BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    CHECK ((state = 'free') = (kase = 0))
);
CREATE INDEX helpdesk_asset_kase ON helpdesk_asset (kase);
CREATE INDEX helpdesk_asset_holder ON helpdesk_asset (holder);
CREATE INDEX helpdesk_asset_due ON helpdesk_asset (state, due_at);

-- Tickets ended, by the month of their end (2026-07) and by category; written by the listener alone.
CREATE TABLE helpdesk_tally (
    id BIGINT NOT NULL UNIQUE,
    month VARCHAR(7) NOT NULL,
    category VARCHAR(20) NOT NULL,
    closed BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (month, category)
);
