CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    email      VARCHAR(254) NOT NULL UNIQUE,
    name       VARCHAR(200) NOT NULL,
    role       VARCHAR(16) NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'moderator')),
    active     BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP
);

CREATE INDEX users_role ON users (role, id);
CREATE INDEX users_created_at ON users (created_at);
