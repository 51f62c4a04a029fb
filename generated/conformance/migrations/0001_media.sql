-- What the suite asks for: a picture of one red pixel, a sound of two samples, and a few words.
CREATE TABLE media (
    name TEXT PRIMARY KEY,
    mime_type TEXT NOT NULL,
    data BLOB NOT NULL
);
INSERT INTO media (name, mime_type, data) VALUES
    ('pixel', 'image/png', x'89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc0000003010100f70341430000000049454e44ae426082'),
    ('silence', 'audio/wav', x'524946462600000057415645666d74201000000001000100401f0000401f00000100080064617461020000008080');

CREATE TABLE words (
    word TEXT PRIMARY KEY,
    language TEXT NOT NULL
);
INSERT INTO words (word, language) VALUES
    ('paris', 'fr'), ('park', 'en'), ('party', 'en'), ('testament', 'en'), ('test', 'en');
