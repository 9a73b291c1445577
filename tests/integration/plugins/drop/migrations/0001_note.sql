-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE drop_note (id BIGINT NOT NULL PRIMARY KEY, note TEXT NOT NULL);
