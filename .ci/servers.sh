# A PostgreSQL and a MariaDB for the tests, to be sourced: what TEST_POSTGRES_URL and TEST_MYSQL_URL
# name, or else servers of CI's own, installed if they are not there, which end with the script.

folder=$(mktemp -d)
chmod 755 "$folder"

# installed PACKAGE PATTERN: the program of this path, installed first if it is not there.
installed() {
    local found
    found=$(compgen -G "$2" | sort -V | tail -n 1)
    if [[ -z $found ]]; then
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "$1"; } >&2
        found=$(compgen -G "$2" | sort -V | tail -n 1)
    fi
    echo "$found"
}

# free_port: a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# PostgreSQL does not run as root. What it keeps is gone with the folder, so it need not be safe on disk.
start_postgres() {
    local programs port
    programs=$(dirname "$(installed postgresql '/usr/lib/postgresql/*/bin/initdb')") || return 1
    port=$(free_port)
    install -d -o postgres "$folder/postgres"
    cd "$folder" || return 1
    runuser -u postgres -- "$programs/initdb" --pgdata="$folder/postgres/data" --auth=trust \
        --username=postgres --encoding=UTF8 --no-sync >"$folder/postgres.log" || return 1
    runuser -u postgres -- "$programs/pg_ctl" --pgdata="$folder/postgres/data" --wait --silent \
        --log="$folder/postgres/log" --options="-p $port -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories=$folder/postgres -c fsync=off -c max_connections=200" start || return 1
    postgres_stop=("$programs/pg_ctl" "--pgdata=$folder/postgres/data" --mode=immediate --silent stop)
    export TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
    cd - >/dev/null || return 1
}

start_mysql() {
    local server port
    server=$(installed mariadb-server '/usr/sbin/mariadbd') || return 1
    port=$(free_port)
    install -d -o mysql "$folder/mysql"
    mariadb-install-db --no-defaults --user=mysql --datadir="$folder/mysql/data" \
        --auth-root-authentication-method=normal --skip-test-db >"$folder/mysql.log" 2>&1 || return 1
    "$server" --no-defaults --user=mysql --datadir="$folder/mysql/data" --port="$port" \
        --bind-address=127.0.0.1 --socket="$folder/mysql/socket" --pid-file="$folder/mysql/pid" \
        --innodb-flush-log-at-trx-commit=0 --max-connections=500 >>"$folder/mysql.log" 2>&1 &
    mysql_process=$!
    for _ in {1..300}; do
        mariadb-admin --no-defaults --socket="$folder/mysql/socket" --user=root ping >/dev/null 2>&1 && break
        sleep 0.1
    done
    mariadb --no-defaults --socket="$folder/mysql/socket" --user=root \
        --execute='CREATE DATABASE test CHARACTER SET utf8mb4' || return 1
    export TEST_MYSQL_URL=mysql://root@127.0.0.1:$port/test
}

stop_servers() {
    if [[ -n ${postgres_stop:-} ]]; then
        runuser -u postgres -- "${postgres_stop[@]}"
    fi
    if [[ -n ${mysql_process:-} ]]; then
        kill "$mysql_process" && wait "$mysql_process"
    fi
    rm -rf "$folder"
}
trap stop_servers EXIT

[[ -n ${TEST_POSTGRES_URL:-} ]] || start_postgres || { cat "$folder"/postgres*; exit 1; }
[[ -n ${TEST_MYSQL_URL:-} ]] || start_mysql || { cat "$folder/mysql.log"; exit 1; }
export MCPGEN_DATABASE_URL="$TEST_POSTGRES_URL $TEST_MYSQL_URL"
