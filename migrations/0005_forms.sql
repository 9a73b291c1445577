-- SPDX-License-Identifier: Apache-2.0
-- Unfinished forms. One a person, form and subject; `answers` is what was typed, as JSON: field to list of texts. Times are
-- microseconds since 1970-01-01T00:00:00Z.

CREATE TABLE form_draft (
    account BIGINT NOT NULL REFERENCES account (id),
    plugin VARCHAR(64) NOT NULL,
    form VARCHAR(64) NOT NULL,
    subject VARCHAR(200) NOT NULL DEFAULT '',
    answers LONGTEXT NOT NULL,
    version BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account, plugin, form, subject)
);

CREATE INDEX form_draft_account ON form_draft (account, saved_at);

CREATE INDEX form_draft_expires ON form_draft (expires_at);
