-- Every shape of a table that a spec is written for in another way.
CREATE TABLE city (
  id int unsigned AUTO_INCREMENT PRIMARY KEY,
  name varchar(50) NOT NULL COMMENT 'say: "hi" it''s \\ {{ x }} # no comment',
  place point NOT NULL,
  SPATIAL INDEX (place)
) COMMENT 'A city: {{ braces }}';
CREATE TABLE `order` (
  `select` int AUTO_INCREMENT PRIMARY KEY,
  `sort` int NOT NULL DEFAULT 5,
  `Mixed Case` varchar(20) DEFAULT 'x''y',
  mood enum('sad', 'it''s ok') NOT NULL DEFAULT 'sad',
  city_id int unsigned NOT NULL,
  return_to int unsigned,
  paid tinyint(1) NOT NULL DEFAULT 0,
  doubled int AS (`sort` * 2) STORED,
  created timestamp NOT NULL DEFAULT current_timestamp,
  FOREIGN KEY (city_id) REFERENCES city (id),
  FOREIGN KEY (return_to) REFERENCES city (id)
);
CREATE TABLE line (order_id int, n int, note text, FULLTEXT (note), PRIMARY KEY (order_id, n));
CREATE TABLE nokey (a int, b text);
CREATE VIEW totals AS SELECT city_id, count(*) AS orders FROM `order` GROUP BY city_id;
