-- SPDX-License-Identifier: Apache-2.0
-- Cases: where each stands, how it came there, and what is still to happen. Only the engine (services/cases) writes
-- here. Times are microseconds since 1970-01-01T00:00:00Z, 0 for "not yet"; people, organisations and cases that
-- are not there are 0; `answers` and `details` are JSON texts.

CREATE TABLE case_record (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(40) NOT NULL,
    machine VARCHAR(40) NOT NULL,
    number VARCHAR(64) NOT NULL,
    title VARCHAR(400) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    parent BIGINT NOT NULL,
    state VARCHAR(40) NOT NULL,
    version BIGINT NOT NULL,
    applicant BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    desk VARCHAR(40) NOT NULL,
    assignee BIGINT NOT NULL,
    answers LONGTEXT NOT NULL,
    rules_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    head CHAR(64) NOT NULL,
    UNIQUE (plugin, machine, number)
);

CREATE INDEX case_record_applicant ON case_record (applicant, changed_at);

CREATE INDEX case_record_organisation ON case_record (organisation, plugin, machine, changed_at);

CREATE INDEX case_record_origin ON case_record (origin, plugin, machine, changed_at);

CREATE INDEX case_record_machine ON case_record (plugin, machine, changed_at);

CREATE INDEX case_record_parent ON case_record (parent);

-- One row for each thing that was done to a case; `hash` is over the row and the `hash` of the row before.
CREATE TABLE case_history (
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    entry BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act VARCHAR(12) NOT NULL,
    transition VARCHAR(40) NOT NULL,
    from_state VARCHAR(40) NOT NULL,
    to_state VARCHAR(40) NOT NULL,
    version BIGINT NOT NULL,
    actor_kind VARCHAR(12) NOT NULL,
    actor BIGINT NOT NULL,
    actor_name VARCHAR(200) NOT NULL,
    actor_role VARCHAR(80) NOT NULL,
    organisation BIGINT NOT NULL,
    organisation_name VARCHAR(200) NOT NULL,
    on_behalf BIGINT NOT NULL,
    on_behalf_name VARCHAR(200) NOT NULL,
    reason LONGTEXT NOT NULL,
    answers LONGTEXT NOT NULL,
    details LONGTEXT NOT NULL,
    ip VARCHAR(64) NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    hash CHAR(64) NOT NULL,
    PRIMARY KEY (case_id, entry)
);

CREATE TRIGGER case_history_refuses_update BEFORE UPDATE ON case_history
BEGIN
    SELECT RAISE(ABORT, 'the history of cases is append-only');
END;

CREATE TRIGGER case_history_refuses_delete BEFORE DELETE ON case_history
BEGIN
    SELECT RAISE(ABORT, 'the history of cases is append-only');
END;

-- `base_at` is the end of the term; `due_at` that of the next rung of its ladder and `next_at` when it is looked at,
-- which a failed try puts off: null once no rung is left or the case has left the states.
CREATE TABLE case_deadline (
    id BIGINT NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    plugin VARCHAR(40) NOT NULL,
    machine VARCHAR(40) NOT NULL,
    name VARCHAR(40) NOT NULL,
    starts_at BIGINT NOT NULL,
    term VARCHAR(40) NOT NULL,
    base_at BIGINT NOT NULL,
    provisional BIGINT NOT NULL,
    rung BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    next_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    fired_at BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX case_deadline_next ON case_deadline (plugin, next_at);

CREATE INDEX case_deadline_case ON case_deadline (case_id, ended_at);

CREATE TABLE case_relation (
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    relation VARCHAR(40) NOT NULL,
    account BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, relation, account)
);

CREATE INDEX case_relation_account ON case_relation (account, case_id);

CREATE TABLE case_comment (
    id BIGINT NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    at BIGINT NOT NULL,
    account BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    organisation_name VARCHAR(200) NOT NULL,
    internal BIGINT NOT NULL,
    text LONGTEXT NOT NULL
);

CREATE INDEX case_comment_case ON case_comment (case_id, id);

CREATE TABLE case_attachment (
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    file BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account BIGINT NOT NULL,
    name VARCHAR(400) NOT NULL,
    PRIMARY KEY (case_id, file)
);

-- For whom a case waits. `name` is of the role or the desk, `account` of a person; the others are '' and 0.
CREATE TABLE case_todo (
    case_id BIGINT NOT NULL REFERENCES case_record (id),
    kind VARCHAR(8) NOT NULL CHECK (kind IN ('account', 'desk', 'role')),
    account BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    organisation BIGINT NOT NULL,
    since BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind, account, name, organisation)
);

CREATE INDEX case_todo_account ON case_todo (account, since);

CREATE INDEX case_todo_name ON case_todo (kind, name, organisation, since);

CREATE TABLE case_number (
    plugin VARCHAR(40) NOT NULL,
    machine VARCHAR(40) NOT NULL,
    period VARCHAR(64) NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (plugin, machine, period)
);
