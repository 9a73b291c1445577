-- SPDX-License-Identifier: Apache-2.0
-- What the county itself settles: its desks and who sits there, roles given for a term, values of plugins' rules,
-- days that work or rest against the calendar. Times are microseconds since 1970-01-01T00:00:00Z; a day is
-- counted from 1970-01-01 in the county's civil calendar.

CREATE TABLE desk (
    id BIGINT NOT NULL PRIMARY KEY,
    organisation BIGINT NOT NULL REFERENCES organisation (id),
    name VARCHAR(40) NOT NULL,
    title VARCHAR(200) NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organisation, name)
);

CREATE TABLE desk_member (
    desk BIGINT NOT NULL REFERENCES desk (id),
    account BIGINT NOT NULL REFERENCES account (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (desk, account)
);

CREATE INDEX desk_member_account ON desk_member (account, desk);

CREATE TABLE delegation (
    id BIGINT NOT NULL PRIMARY KEY,
    giver BIGINT NOT NULL REFERENCES account (id),
    taker BIGINT NOT NULL REFERENCES account (id),
    role VARCHAR(64) NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    CHECK (giver <> taker)
);

CREATE INDEX delegation_taker ON delegation (taker, ends_at);

CREATE INDEX delegation_giver ON delegation (giver, ends_at);

-- `value` is in the flat form, as the rule's type holds it.
CREATE TABLE rule_value (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(64) NOT NULL,
    rule VARCHAR(64) NOT NULL,
    type VARCHAR(16) NOT NULL,
    from_at BIGINT NOT NULL,
    value LONGBLOB NOT NULL,
    source VARCHAR(400) NOT NULL,
    text_read BIGINT NOT NULL,
    changed_by VARCHAR(200) NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (plugin, rule, from_at)
);

CREATE TABLE holiday_override (
    day BIGINT NOT NULL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL CHECK (kind IN ('holiday', 'workday')),
    label VARCHAR(100) NOT NULL,
    reason VARCHAR(400) NOT NULL,
    changed_by VARCHAR(200) NOT NULL,
    changed_at BIGINT NOT NULL
);
