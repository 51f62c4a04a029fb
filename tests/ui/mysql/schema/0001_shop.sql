CREATE TABLE items (
    id    INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    name  VARCHAR(40) NOT NULL,
    price DECIMAL(10, 2),
    stock SMALLINT NOT NULL DEFAULT 0,
    state ENUM('draft', 'sold') NOT NULL DEFAULT 'draft',
    place POINT
);

CREATE SEQUENCE numbers;

CREATE PROCEDURE sell(IN number INT) UPDATE items SET state = 'sold' WHERE id = number;
