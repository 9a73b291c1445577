-- SPDX-License-Identifier: Apache-2.0
-- Notices: one row for each person who is told something, written in the transaction of what happened. Only
-- services/notices writes here. `subject` and `text` are ids of the plugin's texts, `details` holds their values in the
-- flat form, so that each reader has them in her language. Times are microseconds since 1970-01-01T00:00:00Z, 0 for
-- "not yet".

CREATE TABLE notice (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(64) NOT NULL,
    once_key VARCHAR(200) NOT NULL,
    account BIGINT NOT NULL REFERENCES account (id),
    name VARCHAR(64) NOT NULL,
    subject VARCHAR(120) NOT NULL,
    text VARCHAR(120) NOT NULL,
    urgent BIGINT NOT NULL,
    href VARCHAR(400) NOT NULL,
    details LONGBLOB NOT NULL,
    sent_at BIGINT NOT NULL,
    read_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (plugin, once_key, account)
);

CREATE INDEX notice_account ON notice (account, id);

CREATE INDEX notice_unread ON notice (account, read_at);

-- Where a person wants to be told besides, and in which language.
CREATE TABLE notice_address (
    account BIGINT NOT NULL REFERENCES account (id),
    channel VARCHAR(8) NOT NULL CHECK (channel IN ('mail', 'sms')),
    address VARCHAR(254) NOT NULL,
    language VARCHAR(16) NOT NULL,
    PRIMARY KEY (account, channel)
);

-- What is to leave the house, written with its notice. A row is taken by setting lease_until, and is taken again once
-- that has passed; `attempts` fences.
CREATE TABLE notice_outgoing (
    notice BIGINT NOT NULL REFERENCES notice (id),
    channel VARCHAR(8) NOT NULL CHECK (channel IN ('mail', 'sms')),
    address VARCHAR(254) NOT NULL,
    language VARCHAR(16) NOT NULL,
    state VARCHAR(8) NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    lease_owner VARCHAR(32) NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0,
    error VARCHAR(64) NOT NULL DEFAULT '',
    PRIMARY KEY (notice, channel)
);

CREATE INDEX notice_outgoing_due ON notice_outgoing (state, due_at);
