-- SPDX-License-Identifier: Apache-2.0
-- What the lists of cases and the doors into them look for by key.

-- A form that was sent twice opens one case: `once` is the SHA-256, in hexadecimal, over whose form it was and the key
-- that its page carried.
CREATE TABLE case_once (
    once CHAR(64) NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES case_record (id)
);

CREATE INDEX case_record_assignee ON case_record (assignee, changed_at);

CREATE INDEX case_record_state ON case_record (plugin, machine, state, changed_at);

-- How much one person has added to one case.
CREATE INDEX case_comment_account ON case_comment (case_id, account);
