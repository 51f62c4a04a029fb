-- A line for each call of the server, which may add to it and not read it.
CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time        timestamptz NOT NULL,
    client      text,
    address     text,
    transport   text NOT NULL,
    session     text,
    method      text,
    name        text,
    arguments   jsonb,
    outcome     text NOT NULL,
    error_type  text,
    rows        bigint,
    bytes       bigint,
    duration_ms double precision NOT NULL,
    request_id  text NOT NULL,
    trace_id    text
);
CREATE INDEX audit_log_time ON audit_log (time);
