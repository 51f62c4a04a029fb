INSERT INTO suppliers (id, name) VALUES (9, 'Idle Hands');
