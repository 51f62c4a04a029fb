INSERT INTO tenants (tenant_id, name) VALUES ('acme', 'Acme'), ('globex', 'Globex');

INSERT INTO agents (id, tenant_id, name) VALUES
    (1, 'acme', 'Ada'), (2, 'acme', 'Grace'), (3, 'globex', 'Hank');

INSERT INTO tickets (id, tenant_id, subject, state, agent_id) VALUES
    (1, 'acme', 'The printer is on fire', 'open', 1),
    (2, 'acme', 'No more paper', 'waiting', NULL),
    (3, 'acme', 'A new chair', 'closed', 2),
    (4, 'globex', 'The secret plan', 'open', 3),
    (5, 'globex', 'The printer is too slow', 'closed', NULL);

INSERT INTO comments (tenant_id, ticket_id, author, body) VALUES
    ('acme', 1, 'ada', 'Water did not help.'),
    ('acme', 1, 'grace', 'It is the toner.'),
    ('globex', 4, 'hank', 'Tell nobody.');
