-- SPDX-License-Identifier: Apache-2.0
-- 0004_tally.sql for MariaDB: without WITHOUT ROWID, and the year by its own function.
CREATE TABLE traceability_tally (
    kind BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (kind, year)
);

INSERT INTO traceability_tally (kind, year, number)
SELECT 1, YEAR(DATE_ADD('1970-01-01', INTERVAL (event_time DIV 1000000 + 28800) SECOND)), COUNT(*)
FROM traceability_event
WHERE voided = 0 AND declares_error = 0
GROUP BY YEAR(DATE_ADD('1970-01-01', INTERVAL (event_time DIV 1000000 + 28800) SECOND));

INSERT INTO traceability_tally (kind, year, number)
SELECT 2, 0, COUNT(*)
FROM traceability_lot l
WHERE EXISTS (SELECT 1 FROM traceability_moment m WHERE m.node = l.node AND m.milestone = 1);
