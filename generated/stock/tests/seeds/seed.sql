INSERT INTO suppliers (id, name, email, lead_time_days) VALUES
    (1, 'Hammer & Sons', 'orders@hammer.example', 3),
    (2, 'Green Thumb', NULL, 10),
    (3, 'Colour House', 'sales@colour.example', 5);

INSERT INTO products (id, sku, name, category, price, supplier_id, reorder_level, reorder_quantity, attributes, tags, added_on, discontinued) VALUES
    (1, 'TL-0001', 'Claw hammer', 'tools', '19.90', 1, 10, 50, '{"weight_g": 560, "handle": "wood"}', '["steel","hand"]', '2024-01-15', FALSE),
    (2, 'TL-0002', 'Screwdriver set', 'tools', '34.50', 1, 5, 20, '{"pieces": 12}', '["steel"]', '2024-02-01', FALSE),
    (3, 'GD-0001', 'Garden hose 20 m', 'garden', '29.00', 2, 8, 16, '{"length_m": 20}', '[]', '2024-03-10', FALSE),
    (4, 'PT-0001', 'White paint 5 l', 'paint', '42.75', 3, 12, 24, '{"litres": 5}', '["white","indoor"]', '2024-03-11', FALSE),
    (5, 'PT-0002', 'Red paint 1 l', 'paint', '15.25', 3, 4, 12, '{"litres": 1}', '["red"]', '2024-03-12', TRUE);

INSERT INTO movements (id, product_id, kind, quantity, moved_at, note) VALUES
    (1, 1, 'receipt', 40, '2024-04-01 08:00:00', 'first delivery'),
    (2, 1, 'sale', -15, '2024-04-02 10:30:00', NULL),
    (3, 1, 'sale', -18, '2024-04-03 11:00:00', NULL),
    (4, 2, 'receipt', 20, '2024-04-01 08:00:00', NULL),
    (5, 2, 'sale', -4, '2024-04-02 16:45:00', NULL),
    (6, 2, 'return', 1, '2024-04-04 09:15:00', 'wrong size'),
    (7, 3, 'receipt', 16, '2024-04-02 08:00:00', NULL),
    (8, 3, 'sale', -10, '2024-04-05 12:00:00', NULL),
    (9, 4, 'receipt', 24, '2024-04-03 08:00:00', NULL),
    (10, 4, 'correction', -1, '2024-04-06 18:00:00', 'leaking can');

INSERT INTO photos (product_id, image, taken_on) VALUES
    (1, x'89504E470D0A1A0A', '2024-01-16');
