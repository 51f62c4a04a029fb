-- An entry begins as a draft, is posted when it balances in one currency and its period is open, and
-- does not change from then on; only its metadata may.
CREATE TRIGGER entries_insert BEFORE INSERT ON entries FOR EACH ROW
    IF NEW.status <> 'draft' THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'an entry begins as a draft';
    END IF;

CREATE TRIGGER entries_update BEFORE UPDATE ON entries FOR EACH ROW
BEGIN
    IF OLD.status = 'posted' THEN
        IF NOT (NEW.id = OLD.id AND NEW.status = OLD.status AND NEW.entry_date = OLD.entry_date
                AND NEW.period_id = OLD.period_id AND NEW.description = OLD.description
                AND NEW.reverses_id <=> OLD.reverses_id) THEN
            SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry is posted';
        END IF;
    ELSEIF NEW.status = 'posted' THEN
        IF NOT EXISTS (
            SELECT 1 FROM periods
            WHERE id = NEW.period_id AND closed_at IS NULL AND NEW.entry_date BETWEEN starts_on AND ends_on
        ) THEN
            SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the period is closed';
        END IF;
        IF NOT EXISTS (
            SELECT 1
            FROM postings AS p JOIN accounts AS a ON a.number = p.account
            WHERE p.entry_id = NEW.id
            HAVING COUNT(*) >= 2 AND SUM(p.debit) = SUM(p.credit) AND COUNT(DISTINCT a.currency) = 1
        ) THEN
            SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry does not balance';
        END IF;
    END IF;
END;

CREATE TRIGGER entries_delete BEFORE DELETE ON entries FOR EACH ROW
    IF OLD.status = 'posted' THEN
        SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 3819, MESSAGE_TEXT = 'the entry is posted';
    END IF;
