-- SPDX-License-Identifier: Apache-2.0
-- Numbers that pages show, kept by the transactions that change them. kind 1: events that count (neither declared wrong
-- nor a declaration), by the year of the county's clock in which they happened; kind 2: lots that somebody made, year 0.
CREATE TABLE traceability_tally (
    kind BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (kind, year)
) WITHOUT ROWID;

INSERT INTO traceability_tally (kind, year, number)
SELECT 1, CAST(strftime('%Y', event_time / 1000000 + 28800, 'unixepoch') AS INTEGER), COUNT(*)
FROM traceability_event
WHERE voided = 0 AND declares_error = 0
GROUP BY 2;

INSERT INTO traceability_tally (kind, year, number)
SELECT 2, 0, COUNT(*)
FROM traceability_lot l
WHERE EXISTS (SELECT 1 FROM traceability_moment m WHERE m.node = l.node AND m.milestone = 1);
