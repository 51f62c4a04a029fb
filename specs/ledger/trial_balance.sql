SELECT currency, number, CASE WHEN number IS NULL THEN NULL ELSE name END AS name, debit, credit
FROM (
    SELECT a.currency,
           a.number,
           MAX(a.name) AS name,
           SUM(GREATEST(b.amount, 0)) AS debit,
           SUM(GREATEST(-b.amount, 0)) AS credit
    FROM accounts AS a
    JOIN (
        SELECT p.account, SUM(p.amount) AS amount
        FROM postings AS p JOIN entries AS e ON e.id = p.entry_id
        WHERE e.status = 'posted' AND e.entry_date <= :as_of
        GROUP BY p.account
    ) AS b ON b.account = a.number
    WHERE TRUE [[AND a.currency = :currency]]
    GROUP BY a.currency, a.number WITH ROLLUP
) AS t
WHERE currency IS NOT NULL
ORDER BY currency, number IS NULL, number
