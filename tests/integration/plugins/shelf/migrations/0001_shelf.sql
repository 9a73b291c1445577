-- SPDX-License-Identifier: Apache-2.0
-- A hundred thousand things, each with somebody's telephone; every third has no price.
CREATE TABLE shelf_item (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    price BIGINT,
    weight DOUBLE,
    bought VARCHAR(10) NOT NULL,
    kept BIGINT NOT NULL,
    phone VARCHAR(20) NOT NULL
);
CREATE INDEX shelf_item_price ON shelf_item (price);
INSERT INTO shelf_item (id, name, price, weight, bought, kept, phone)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT i, CASE i % 1000 WHEN 1 THEN '=1+1' WHEN 2 THEN '"灯, 泡"' WHEN 3 THEN '-2' ELSE '物品' || i END,
    CASE i % 3 WHEN 0 THEN NULL ELSE i * 7919 % 50021 END, i / 8.0,
    CASE i % 2 WHEN 0 THEN '2026-11-01' ELSE '2026-10-31' END, i % 2, '139' || (10000000 + i)
FROM n;
