INSERT INTO things (id, type, self, amount, ratio, ready, day, hour, moment, token, payload, extra) VALUES
    (1, 'a', 'one', '12.50', 0.5, TRUE, '2024-02-29', '12:30:00', '2024-02-29 12:30:00', '6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f', x'68656c6c6f', '{"k": [1, 2]}'),
    (2, 'b', 'two', '-0.01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (3, 'self', 'three', '100', 1.0, FALSE, '2024-03-01', '23:59:59.5', '2024-03-01 00:00:00', NULL, x'', '[]');
