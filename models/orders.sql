-- ---
-- source: shop
-- primary_key: [shop, number]
-- types: {total: numeric, placed_at: timestamp}
-- ---
SELECT o.shop || '-' || o.number AS id, o.shop, o.number, c.email AS customer, o.total, o.placed_at
FROM orders AS o
JOIN customers AS c ON c.id = o.customer_id
