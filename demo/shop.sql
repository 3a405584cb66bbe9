-- The demo's database: sqlite3 demo/shop.db < demo/shop.sql
BEGIN;
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  attrs TEXT NOT NULL DEFAULT '{}'
);
INSERT INTO customers (id, name, email, active, attrs) VALUES
  (1, 'Ada Lovelace',      'ada@example.com',     1, '{"plan": "pro", "tags": ["maths", "engines"]}'),
  (2, 'Grace "Amazing" Hopper', 'grace@example.com', 1, '{"plan": "team"}'),
  (3, 'Edsger Dijkstra',   'edsger@example.com',  0, '{}'),
  (4, 'Zoë Müller',        'zoe@example.com',     1, '{"plan": "free"}'),
  (5, 'Niklaus Wirth',     NULL,                  1, '{}');

CREATE TABLE orders (
  shop TEXT NOT NULL,
  number INTEGER NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customers,
  total TEXT NOT NULL,
  placed_at TEXT NOT NULL,
  PRIMARY KEY (shop, number)
);
INSERT INTO orders VALUES
  ('north', 1, 1, '129.50', '2026-01-05 09:30:00'),
  ('north', 2, 2, '18.00',  '2026-01-05 11:12:13'),
  ('south', 1, 4, '7.25',   '2026-01-06 18:45:00');
COMMIT;
