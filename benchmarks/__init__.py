"""How much tenantctl needs on tenants of given sizes: requests, time, memory. Start it with `make bench`."""
