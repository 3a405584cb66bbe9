-- Day two of the demo: one customer changes, one goes, one comes; an order too.
BEGIN;
UPDATE customers SET name = 'Ada King', attrs = '{"plan": "team"}' WHERE id = 1;
DELETE FROM customers WHERE id = 3;
INSERT INTO customers (id, name, email) VALUES (6, 'Barbara Liskov', 'barbara@example.com');
INSERT INTO orders VALUES ('south', 2, 6, '64.00', '2026-01-07 08:00:00');
COMMIT;
