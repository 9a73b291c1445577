-- SPDX-License-Identifier: Apache-2.0
-- Jobs that were given up (dead letters), how often the operator had one tried again, and the rhythm that a row of
-- the schedule was reckoned by. `dead_at` is 0 for a job that is no dead letter.

ALTER TABLE job ADD COLUMN dead_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE job ADD COLUMN replays BIGINT NOT NULL DEFAULT 0;

-- How many of `attempts` were before the last replay: they count no more, and their number is not used again.
ALTER TABLE job ADD COLUMN forgiven BIGINT NOT NULL DEFAULT 0;

CREATE INDEX job_dead ON job (dead_at, id);

CREATE INDEX job_owner ON job (owner_user, id);

-- A cron text, or '' for a job that comes every so many seconds.
ALTER TABLE job_schedule ADD COLUMN rhythm VARCHAR(100) NOT NULL DEFAULT '';
