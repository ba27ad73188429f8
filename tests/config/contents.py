"""Contents of files: tables of faults, and of what is fine."""
# ruff: noqa: E501  # a row of a table is easier to read in one line

API = "resourceServers:\n  - identifier: https://aaa-api\n    scopes: [{value: read:things}, {value: write:things}]\n"

# name, text, code, line, column, severity, part of summary, detail or hint
FAULTS = [
    ("misspelt section", "clinets: []\n", "unknown-section", 1, 1, "error", "Did you mean 'clients'?"),
    ("strange section", "zzz: []\n", "unknown-section", 1, 1, "error", "Supported: tenant"),
    (
        "section without data",
        "clientAuthCredentials: []\n",
        "unsupported-section",
        1,
        1,
        "error",
        "not supported yet",
    ),
    (
        "field of another page",
        "pages:\n  - name: login\n    url: https://a.example\n",
        "misplaced-field",
        3,
        5,
        "error",
        "It has: html, enabled.",
    ),
    ("second of one", "themes:\n  - {}\n  - {}\n", "duplicate-resource", 3, 5, "error", "Keep one"),
    ("keys of clients", "clientAuthCredentials: [a]\n", "unsupported-section", 1, 1, "error", "Supported: "),
    (
        "misspelt field",
        "clients:\n  - name: a\n    app_typ: spa\n",
        "unknown-field",
        3,
        5,
        "warning",
        "'app_type'?",
    ),
    (
        "misspelt nested field",
        "clients:\n  - name: a\n    jwt_configuration:\n      algo: RS256\n",
        "unknown-field",
        4,
        7,
        "warning",
        "Did you mean 'alg'?",
    ),
    (
        "mapping for a list",
        "clients: {name: a}\n",
        "wrong-type",
        1,
        1,
        "error",
        "must be a list, but is a mapping",
    ),
    ("list for a mapping", "tenant: []\n", "wrong-type", 1, 1, "error", "must be a mapping, but is a list"),
    ("entry is a text", "clients:\n  - a\n", "wrong-type", 2, 5, "error", "Write '- name: …'."),
    ("entry is null", "clients:\n  -\n", "wrong-type", 2, 4, "error", "but is nothing"),
    ("no key", "clients:\n  - app_type: spa\n", "missing-key", 2, 5, "error", "has no 'name'"),
    ("null key", "clients:\n  - app_type: spa\n    name:\n", "missing-key", 3, 5, "error", "has no 'name'"),
    (
        "null where a value has to be",
        "guardianPhoneFactorMessageTypes:\n  message_types:\n",
        "wrong-type",
        2,
        3,
        "error",
        "message_types can't be null",
    ),
    ("empty key", "roles:\n  - name: ''\n", "missing-key", 2, 5, "error", "has no 'name'"),
    (
        "grant of nobody",
        f"{API}clientGrants:\n  - audience: https://aaa-api\n",
        "missing-key",
        5,
        5,
        "error",
        "'client_id' or 'default_for'",
    ),
    (
        "same key twice",
        "clients:\n  - name: a\n  - app_type: spa\n    name: a\n",
        "duplicate-resource",
        4,
        5,
        "error",
        "tenant.yaml:2:5",
    ),
    (
        "number for text",
        "clients:\n  - name: a\n    description: 5\n",
        "wrong-type",
        3,
        5,
        "error",
        "Put it in quotes.",
    ),
    (
        "text for a list",
        "clients:\n  - name: a\n    callbacks: x\n",
        "wrong-type",
        3,
        5,
        "error",
        "Write a list",
    ),
    (
        "text for a boolean",
        "clients:\n  - name: a\n    sso: 'true'\n",
        "wrong-type",
        3,
        5,
        "error",
        "without quotes",
    ),
    (
        "boolean for integer",
        "tenant:\n  sandbox_version: true\n",
        "wrong-type",
        2,
        3,
        "error",
        "is a boolean",
    ),
    (
        "fraction for integer",
        "resourceServers:\n  - identifier: x\n    token_lifetime: 1.5\n",
        "wrong-type",
        3,
        5,
        "error",
        "must be an integer",
    ),
    (
        "wrong item",
        "clients:\n  - name: a\n    callbacks: [https://a, 5]\n",
        "wrong-type",
        3,
        28,
        "error",
        "callbacks[1] must be a string",
    ),
    (
        "text for a mapping",
        "clients:\n  - name: a\n    client_metadata: x\n",
        "wrong-type",
        3,
        5,
        "error",
        "must be a mapping",
    ),
    (
        "unknown value",
        "resourceServers:\n  - identifier: x\n    signing_alg: RS265\n",
        "unknown-value",
        3,
        5,
        "warning",
        "Did you mean 'RS256'?",
    ),
    (
        "read-only field",
        "clients:\n  - name: a\n    jwks_uri: https://a/jwks.json\n",
        "read-only-field",
        3,
        5,
        "warning",
        "set by Auth0 alone",
    ),
    (
        "older name of a field",
        "clients:\n  - name: a\n    cross_origin_auth: true\n",
        "retired-field",
        3,
        5,
        "warning",
        "Write cross_origin_authentication instead.",
    ),
    (
        "field that there is no more",
        "tenant:\n  flags:\n    new_universal_login_experience_enabled: true\n",
        "retired-field",
        3,
        5,
        "warning",
        "the API takes no more",
    ),
    (
        "slip in an object that takes anything",
        "connections:\n  - name: a\n    strategy: oidc\n    options: {client_secert: x}\n",
        "unknown-field",
        4,
        15,
        "warning",
        "Did you mean 'client_secret'?",
    ),
    (
        "two ways to tell what a user has",
        (
            "databases:\n  - name: a\n    options:\n      requires_username: true\n"
            "      attributes: {email: {profile_required: true}}\n"
        ),
        "conflicting-fields",
        3,
        5,
        "error",
        "exclude each other",
    ),
    (
        "hidden secret",
        (
            "actions:\n  - name: a\n    supported_triggers: [{id: post-login}]\n"
            "    secrets: [{name: KEY, value: _VALUE_NOT_SHOWN_}]\n"
        ),
        "placeholder",
        4,
        27,
        "warning",
        "counts as left out: secrets[0].value",
    ),
    (
        "read-only nested field",
        (
            f"{API}roles:\n  - name: a\n    permissions:\n      - permission_name: read:things\n"
            "        resource_server_identifier: https://aaa-api\n        description: x\n"
        ),
        "read-only-field",
        9,
        9,
        "warning",
        "permissions[0].description",
    ),
    (
        "scope twice",
        "resourceServers:\n  - identifier: x\n    scopes: [{value: a}, {value: b}, {value: a}]\n",
        "duplicate-item",
        3,
        38,
        "error",
        "tenant.yaml:3:14",
    ),
    (
        "callback twice",
        "clients:\n  - name: a\n    callbacks: [https://a, https://a]\n",
        "duplicate-item",
        3,
        28,
        "warning",
        "lists 'https://a' twice",
    ),
    (
        "unknown scope",
        (
            f"{API}clients: [{{name: a}}]\nclientGrants:\n  - client_id: a\n    audience: https://aaa-api\n"
            "    scope: [read:things, read:thing]\n"
        ),
        "unknown-scope",
        8,
        26,
        "error",
        "Did you mean 'read:things'?",
    ),
    (
        "unknown permission",
        (
            f"{API}roles:\n  - name: a\n    permissions:\n      - permission_name: fly\n"
            "        resource_server_identifier: https://aaa-api\n"
        ),
        "unknown-scope",
        7,
        9,
        "error",
        "it has: read:things, write:things",
    ),
    (
        "all scopes and some",
        (
            f"{API}clients: [{{name: a}}]\nclientGrants:\n  - client_id: a\n    audience: https://aaa-api\n"
            "    scope: []\n    allow_all_scopes: true\n"
        ),
        "conflicting-fields",
        8,
        5,
        "error",
        "no place beside allow_all_scopes: true",
    ),
    (
        "unknown client",
        f"{API}clients: [{{name: AAA M2M}}]\nclientGrants:\n  - client_id: AAA M3M\n    audience: https://aaa-api\n",
        "unresolved-reference",
        6,
        5,
        "warning",
        "Did you mean 'AAA M2M'?",
    ),
    (
        "client of no section",
        f"{API}clientGrants:\n  - client_id: AAA M2M\n    audience: https://aaa-api\n",
        "unresolved-reference",
        5,
        5,
        "warning",
        "The file has no section 'clients'.",
    ),
    (
        "unknown API",
        "tenant:\n  default_audience: https://aaa-api\n",
        "unresolved-reference",
        2,
        3,
        "warning",
        "default_audience names 'https://aaa-api'",
    ),
]

FINE = [
    ("null section", "clients:\n"),
    ("null unsupported section", "clients: []\nactions:\n"),
    ("empty section", "clients: []\n"),
    ("null clears any field", "clients:\n  - name: a\n    callbacks: null\n    jwt_configuration: null\n"),
    ("whole number for integer", "resourceServers:\n  - identifier: x\n    token_lifetime: 60.0\n"),
    ("integer for number", "tenant:\n  session_lifetime: 5\n"),
    ("id of a client", f"{API}clientGrants:\n  - client_id: {'a1B2' * 8}\n    audience: https://aaa-api\n"),
    (
        "Management API",
        (
            "clients: [{name: a}]\nclientGrants:\n  - client_id: a\n    audience: https://t.eu.auth0.com/api/v2/\n"
            "    scope: [read:users]\n"
        ),
    ),
    (
        "API whose scopes are not managed",
        (
            "resourceServers: [{identifier: x}]\nclients: [{name: a}]\nclientGrants:\n  - client_id: a\n    audience: x\n"
            "    scope: [anything]\n"
        ),
    ),
    (
        "grant by client id of a declared client",
        (
            "resourceServers: [{identifier: x}]\nclients: [{name: a, client_id: short}]\n"
            "clientGrants: [{client_id: short, audience: x}]\n"
        ),
    ),
    ("reference to nothing", "tenant:\n  default_audience: ''\n"),
    (
        "no user names beside attributes",
        (
            "databases:\n  - name: a\n    options:\n      requires_username: false\n"
            "      attributes: {email: {profile_required: true}}\n"
        ),
    ),
    (
        "options that nobody lists",
        "connections:\n  - name: a\n    strategy: facebook\n    options: {rsvp_event: false, strategy_version: 2}\n",
    ),
    (
        "what exports hold and no request takes",
        (
            "tenant:\n  sandbox_versions_available: [22]\n  universal_login: {}\n  flags: {enable_sso: true}\n"
            "clients:\n  - name: a\n    global: false\n    callback_url_template: false\n"
            "actions:\n  - name: b\n    status: built\n    supported_triggers: [{id: post-login}]\n"
            "attackProtection:\n  captcha: {simple_captcha: {}}\n"
        ),
    ),
    (
        "node of a form",
        "forms:\n  - name: a\n    nodes: []\n    start: {next_node: step_1, coordinates: {x: 0, y: 0}}\n",
    ),
    ("free names", "clients:\n  - name: a\n    client_metadata: {anything: goes}\n"),
]
