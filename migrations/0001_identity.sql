-- SPDX-License-Identifier: Apache-2.0
-- Who there is: organisations, accounts, roles, sessions, machine tokens; and what was done: the audit.
-- Times are microseconds since 1970-01-01T00:00:00Z, ids are made by the runtime.

CREATE TABLE organisation (
    id BIGINT NOT NULL PRIMARY KEY,
    parent BIGINT REFERENCES organisation (id),
    name VARCHAR(200) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX organisation_parent ON organisation (parent);

CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    login VARCHAR(64) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL,
    organisation BIGINT REFERENCES organisation (id),
    password_hash VARCHAR(200) NOT NULL,
    disabled BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE account_role (
    account BIGINT NOT NULL REFERENCES account (id),
    role VARCHAR(64) NOT NULL,
    PRIMARY KEY (account, role)
);

CREATE INDEX account_role_role ON account_role (role, account);

CREATE TABLE session (
    id_hash CHAR(64) NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id),
    csrf_secret CHAR(64) NOT NULL,
    opened_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    idle_limit BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX session_account ON session (account);

CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE machine_token (
    id BIGINT NOT NULL PRIMARY KEY,
    secret_hash CHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    plugin VARCHAR(64) NOT NULL,
    scope VARCHAR(64) NOT NULL,
    organisation BIGINT NOT NULL REFERENCES organisation (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind VARCHAR(16) NOT NULL,
    actor BIGINT NOT NULL,
    actor_name VARCHAR(200) NOT NULL,
    organisation_name VARCHAR(200) NOT NULL,
    action VARCHAR(64) NOT NULL,
    object VARCHAR(200) NOT NULL,
    details LONGTEXT NOT NULL,
    request_id VARCHAR(64) NOT NULL
);

CREATE INDEX audit_object ON audit (object, id);

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
