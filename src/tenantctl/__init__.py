"""tenantctl keeps an Auth0 tenant as code, and proves that its tokens work.

The rooms, from the file to the proof: `config` loads and validates ``tenant.yaml``, `tenant` reads and
writes a live tenant, `plan` compares the two without side effects, `apply` carries a plan out, `verify`
issues a test token and checks it, `views` renders any of these, `cli` ties them to commands. `catalog`
describes every resource type once for all of them, and `sandbox` is a tenant to try it all on.
"""

__version__ = "0.1.0"
