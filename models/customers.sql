-- ---
-- source: shop
-- primary_key: id
-- types: {active: boolean, attrs: json}   # what SQLite cannot say
-- ---
SELECT id, name, email, active, attrs
FROM customers
WHERE email IS NOT NULL
