-- SPDX-License-Identifier: Apache-2.0
-- Work that outlives a request. A row is taken by setting lease_until, and runs again once that has passed. `arguments`,
-- `result`, `error` and `principal` hold values in the flat form; times are microseconds since
-- 1970-01-01T00:00:00Z, 0 for "not yet".

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    scheduled BIGINT NOT NULL DEFAULT 0,
    arguments LONGBLOB,
    principal LONGBLOB,
    owner_user BIGINT NOT NULL DEFAULT 0,
    owner_org BIGINT NOT NULL DEFAULT 0,
    owner_token BIGINT NOT NULL DEFAULT 0,
    request_id VARCHAR(64) NOT NULL DEFAULT '',
    progress_done BIGINT NOT NULL DEFAULT 0,
    progress_total BIGINT NOT NULL DEFAULT 0,
    result LONGBLOB,
    error LONGBLOB,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_owner VARCHAR(32) NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    run_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL DEFAULT 0,
    finished_at BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX job_due ON job (plugin, state, run_after, id);

CREATE INDEX job_finished ON job (finished_at);

CREATE TABLE job_schedule (
    plugin VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (plugin, name)
);
