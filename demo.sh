#!/bin/sh
# The main job from start to end on the embedded sandbox, in a folder of its own: no account, no network.
set -eu

project=$(pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$project/tenant.yaml" "$folder"
cd "$folder"
# Nothing of the caller's own tenants may leak into a demo.
unset AUTH0_DOMAIN AUTH0_CLIENT_ID AUTH0_CLIENT_SECRET AUTH0_ACCESS_TOKEN || true
unset AUTH0_M2M_CLIENT_ID AUTH0_M2M_CLIENT_SECRET || true

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# run EXPECTED_EXIT_CODE COMMAND...: show the command, run it, and check how it ends.
run() {
  expected=$1; shift
  printf '$ %s\n' "$*"
  code=0; "$@" || code=$?
  printf '(exit code %s)\n' "$code"
  [ "$code" -eq "$expected" ] || { echo "The demo expected exit code $expected." >&2; exit 1; }
}

export TENANTCTL_SANDBOX="$folder/sandbox.db"

say "The file is sound, offline"
run 0 tenantctl validate

say "An empty tenant: three resources to create"
run 0 tenantctl plan

say "Create them, then prove with a real token that it is an RS256 JWT whose key is in the tenant's JWKS"
run 0 tenantctl apply --yes

say "The application's credentials are in .env.local, for nobody else to read"
run 0 sh -c "ls -l .env.local | cut -c1-10; sed 's/=.*/=…/' .env.local"

say "The tenant is as the file says: nothing to do"
run 0 tenantctl drift

say "Somebody switches the API to HS256 behind our back"
sed 's/signing_alg: RS256/signing_alg: HS256/' tenant.yaml > somebody.yaml
run 0 tenantctl apply -f somebody.yaml --yes --no-verify

say "The CI guard sees it (exit code 2)"
run 2 tenantctl drift

say "And verify says why the API would reject the token, and what to change"
run 1 tenantctl verify

say "Apply mends it"
run 0 tenantctl apply --yes
run 0 tenantctl drift

say "Done: plan, apply, verify, drift caught, drift mended."
