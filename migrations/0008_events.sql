-- SPDX-License-Identifier: Apache-2.0
-- The outbox of events and how far each subscriber is. An event is written in the transaction of what happened, its
-- number taken from `event_number` there: a publisher holds that row until it commits, so numbers are in the order of
-- the commits and none comes up later behind one already delivered. The number of a rolled-back event is taken again.
-- Only services/events writes here. `payload` and `error` hold values in the flat form; times are microseconds since
-- 1970-01-01T00:00:00Z, 0 for "not".

CREATE TABLE event_number (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    last BIGINT NOT NULL
);

INSERT INTO event_number (one, last) VALUES (1, 0);

CREATE TABLE event (
    id BIGINT NOT NULL PRIMARY KEY,
    plugin VARCHAR(64) NOT NULL,
    name VARCHAR(120) NOT NULL,
    payload LONGBLOB NOT NULL,
    hops BIGINT NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    published_at BIGINT NOT NULL
);

CREATE INDEX event_name ON event (name, id);

CREATE INDEX event_published ON event (published_at);

-- What a plugin gets: events of that name with an id above `since`, the newest there was when it first subscribed.
CREATE TABLE event_subscription (
    plugin VARCHAR(64) NOT NULL,
    name VARCHAR(120) NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (plugin, name)
);

CREATE INDEX event_subscription_name ON event_subscription (name);

-- How far a plugin is: it has had everything up to `position`. `tries` and `retry_at` are of the event after it.
CREATE TABLE event_cursor (
    plugin VARCHAR(64) NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    retry_at BIGINT NOT NULL DEFAULT 0
);

-- Deliveries given up, with a copy of the event. `asked_at` is set when the operator wants one delivered again.
CREATE TABLE event_dead (
    id BIGINT NOT NULL PRIMARY KEY,
    subscriber VARCHAR(64) NOT NULL,
    event BIGINT NOT NULL,
    plugin VARCHAR(64) NOT NULL,
    name VARCHAR(120) NOT NULL,
    payload LONGBLOB NOT NULL,
    hops BIGINT NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    published_at BIGINT NOT NULL,
    error LONGBLOB NOT NULL,
    tries BIGINT NOT NULL,
    died_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (subscriber, event)
);

CREATE INDEX event_dead_asked ON event_dead (subscriber, asked_at, id);
