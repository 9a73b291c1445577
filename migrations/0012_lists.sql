-- SPDX-License-Identifier: Apache-2.0
-- Imports of a table into a form. A batch is one file; a row of it is judged when the file is read, and changes its state
-- in the transaction that does what it asks for, so that a batch that was cut off goes on where it stood. `answers` are
-- JSON and are emptied once the row is done: what they say is then kept where it belongs. `line` is the line of the sheet;
-- `result` the key of what the row became. Times are microseconds since 1970-01-01T00:00:00Z.

CREATE TABLE import_batch (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(64) NOT NULL,
    list VARCHAR(64) NOT NULL,
    form VARCHAR(64) NOT NULL,
    account BIGINT NOT NULL REFERENCES account (id),
    organisation BIGINT NOT NULL DEFAULT 0,
    file_name VARCHAR(200) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    rules_at BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL CHECK (state IN ('read', 'running', 'done', 'undoing', 'undone', 'dropped')),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX import_batch_list ON import_batch (plugin, list, account, id);

CREATE INDEX import_batch_file ON import_batch (plugin, list, sha256);

CREATE TABLE import_row (
    batch BIGINT NOT NULL REFERENCES import_batch (id),
    line BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL CHECK (state IN ('good', 'faulty', 'done', 'failed', 'undone', 'kept')),
    answers LONGTEXT NOT NULL,
    faults LONGTEXT NOT NULL,
    result VARCHAR(64) NOT NULL DEFAULT '',
    PRIMARY KEY (batch, line)
);

CREATE INDEX import_row_state ON import_row (batch, state, line);
