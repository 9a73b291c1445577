-- SPDX-License-Identifier: Apache-2.0
-- What each plugin is to be and what it is (the reconciler's), which bureau answers for it, and which organisations
-- have it switched on. A missing switch is on.

CREATE TABLE plugin_state (
    plugin VARCHAR(40) NOT NULL PRIMARY KEY,
    desired VARCHAR(16) NOT NULL,
    state VARCHAR(16) NOT NULL,
    version VARCHAR(32) NOT NULL,
    problems LONGTEXT,
    changed_by VARCHAR(120) NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE plugin_owner (
    plugin VARCHAR(64) NOT NULL PRIMARY KEY,
    organisation BIGINT NOT NULL REFERENCES organisation (id),
    changed_at BIGINT NOT NULL
);

CREATE TABLE plugin_activation (
    plugin VARCHAR(64) NOT NULL,
    organisation BIGINT NOT NULL REFERENCES organisation (id),
    active BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (plugin, organisation)
);
