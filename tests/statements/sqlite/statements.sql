-- pass
SELECT b.title, a.name FROM books AS b JOIN authors AS a ON a.id = b.author_id WHERE a.name = :name;

-- pass
INSERT INTO authors (name, born) VALUES (:name, :born) RETURNING id;

-- refuse: sql-error
SELECT nme FROM authors;
