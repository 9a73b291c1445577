-- SPDX-License-Identifier: Apache-2.0
-- Files that people attached. A row stands only where the bytes named by `sha256` (and `thumb`, '' for none) lie in
-- <data>/files already. `object` is the plugin's word for what the file belongs to; times are microseconds since
-- 1970-01-01T00:00:00Z; an owner of 0 is none.

CREATE TABLE file (
    id BIGINT NOT NULL PRIMARY KEY,
    sha256 CHAR(64) NOT NULL,
    thumb VARCHAR(64) NOT NULL DEFAULT '',
    size BIGINT NOT NULL,
    type VARCHAR(128) NOT NULL,
    name VARCHAR(200) NOT NULL,
    plugin VARCHAR(64) NOT NULL,
    object VARCHAR(200) NOT NULL,
    visibility VARCHAR(12) NOT NULL CHECK (visibility IN ('owner', 'organisation', 'case', 'object', 'public')),
    owner_user BIGINT NOT NULL DEFAULT 0,
    owner_org BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE INDEX file_object ON file (plugin, object, id);

CREATE INDEX file_sha256 ON file (sha256);

CREATE INDEX file_thumb ON file (thumb);

CREATE INDEX file_user ON file (owner_user, size);

CREATE INDEX file_org ON file (owner_org, size);
