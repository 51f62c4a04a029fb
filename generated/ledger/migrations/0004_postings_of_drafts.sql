-- Lines of an entry that is posted are there for good; new ones need an account that is in use.
CREATE TRIGGER postings_insert BEFORE INSERT ON postings FOR EACH ROW
BEGIN
    IF (SELECT status FROM entries WHERE id = NEW.entry_id) = 'posted' THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry is posted';
    END IF;
    IF NOT (SELECT active FROM accounts WHERE number = NEW.account) THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the account is closed';
    END IF;
END;

CREATE TRIGGER postings_update BEFORE UPDATE ON postings FOR EACH ROW
    IF (SELECT status FROM entries WHERE id = OLD.entry_id) = 'posted' THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry is posted';
    END IF;

CREATE TRIGGER postings_delete BEFORE DELETE ON postings FOR EACH ROW
    IF (SELECT status FROM entries WHERE id = OLD.entry_id) = 'posted' THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry is posted';
    END IF;
