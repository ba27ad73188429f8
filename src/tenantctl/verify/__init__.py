"""Issue a test token, check it as an API would, and say why it fails and what to change.

`run.run_checks` does all of it. Its pure parts stand alone: `token` (what a text is), `table` with
`recognise` and `diagnose` (what is wrong), `credentials` (whose secret). `issue` and `jwks` ask the tenant,
both through `answers`. Nothing here writes to the tenant.
"""
