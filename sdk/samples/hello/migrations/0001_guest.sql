CREATE TABLE hello_guest (
    id   BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
