#!/bin/sh
# Applies supabase/migrations to a database of a real Supabase project's shape, as its migration role (no superuser),
# by the Supabase CLI, and lets Supabase's advisors and plpgsql_check look at the result. Any finding fails.
#   sh scripts/shape.sh postgresql://postgres@127.0.0.1:5432/postgres
# src/db/schema.ts must equal what the CLI generates from that database; with --types as second word it is written anew.
# The URL is that of a superuser on a server where a database and the platform's roles may be made; the database is
# dropped again. Needs psql, PostGIS and plpgsql_check there.
set -eu
admin=${1:?"usage: shape.sh <superuser url of a PostgreSQL server with PostGIS>"}
cd "$(dirname "$0")/.."
cli="npx --yes supabase@3.1.0"
name="safegrid_shape_$$"
password="shape-$$"
scratch=$(mktemp -d)

# the same server, the new database, another role
rest=${admin#*://}
case $rest in *@*) rest=${rest#*@} ;; esac
server=${rest%%/*}
query=""
case $admin in *\?*) query="&${admin#*\?}" ;; esac
base=${admin%%\?*}
owner="${base%/*}/$name"
case $admin in *\?*) owner="$owner?${admin#*\?}" ;; esac
remote="postgresql://migrator:$password@$server/$name?sslmode=disable$query"

cleanup() {
  rm -rf "$scratch"
  psql "$admin" -qc "drop database if exists $name with (force)" >/dev/null 2>&1 || true
}
trap cleanup EXIT INT TERM

# the first call brings the CLI from the registry: a connection that breaks there says nothing about the schema
for attempt in 1 2 3; do
  $cli --version >/dev/null && break
  [ "$attempt" = 3 ] && exit 1
  sleep $((attempt * 5))
done

psql "$admin" -qv ON_ERROR_STOP=1 -c "create database $name"
psql "$owner" -qv ON_ERROR_STOP=1 -f supabase/tests/supabase-shape.sql >"$scratch/shape.log" 2>&1 || {
  cat "$scratch/shape.log"
  exit 1
}
psql "$owner" -qv ON_ERROR_STOP=1 -c "alter role migrator password '$password'"

echo "db push"
$cli db push --remote="$remote" --yes
psql "$owner" -qv ON_ERROR_STOP=1 -c "create extension if not exists plpgsql_check with schema extensions"

echo "db advisors"
$cli db advisors --remote="$remote" --level info --fail-on warn >"$scratch/advisors.json" || {
  cat "$scratch/advisors.json"
  exit 1
}
# a database that has answered no question yet has used no index: anything else is worth reading
grep '"cache_key"' "$scratch/advisors.json" | grep -v '"unused_index_' || true
echo "db lint"
$cli db lint --remote="$remote" --schema public,private --fail-on warning

echo "anon and public hold no right in schema public and private"
found=$(psql "$owner" -Atqc "
  select 'table ' || c.oid::regclass from pg_class c, pg_namespace n
  where n.oid = c.relnamespace and n.nspname in ('public', 'private') and c.relkind in ('r', 'v', 'p', 'm')
    and (has_any_column_privilege('anon', c.oid, 'select, insert, update') or has_table_privilege('anon', c.oid, 'delete, truncate'))
  union all
  select 'function ' || p.oid::regprocedure from pg_proc p, pg_namespace n
  where n.oid = p.pronamespace and n.nspname in ('public', 'private') and has_function_privilege('anon', p.oid, 'execute')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')")
if [ -n "$found" ]; then
  echo "$found"
  exit 1
fi

echo "gen types"
{
  echo "// Generated from the migrations by: sh scripts/shape.sh <superuser url> --types"
  $cli gen types typescript --remote="$remote" --schema public
} >"$scratch/schema.ts"
if [ "${2:-}" = --types ]; then
  cp "$scratch/schema.ts" src/db/schema.ts
elif ! cmp -s "$scratch/schema.ts" src/db/schema.ts; then
  echo "src/db/schema.ts is not what the migrations give: run with --types"
  exit 1
fi
echo "shape: no finding"
