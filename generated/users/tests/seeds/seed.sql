-- Seven people: two active administrators, and one of each other kind at least.
INSERT INTO users (id, email, name, role, active, created_at) VALUES
    (1, 'ada@example.com',      'Ada Lovelace',      'admin',     TRUE,  '2024-01-10 09:00:00'),
    (2, 'grace@example.com',    'Grace Hopper',      'admin',     TRUE,  '2024-02-11 10:30:00'),
    (3, 'alan@example.com',     'Alan Turing',       'moderator', TRUE,  '2024-03-12 11:45:00'),
    (4, 'edsger@example.com',   'Edsger Dijkstra',   'user',      TRUE,  '2024-04-13 08:15:00'),
    (5, 'barbara@example.com',  'Barbara Liskov',    'user',      TRUE,  '2024-05-14 16:20:00'),
    (6, 'donald@example.com',   'Donald Knuth',      'user',      FALSE, '2024-06-15 12:00:00'),
    (7, 'margaret@example.com', 'Margaret Hamilton', 'moderator', FALSE, '2024-07-16 14:05:00');
