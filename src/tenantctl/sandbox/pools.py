"""Objects below an object that lists inside it name by id (`Pool`): what creates and updates do with them."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Association, Pool
from tenantctl.catalog.paths import rewritten, values_at
from tenantctl.sandbox.errors import invalid_body, management_error
from tenantctl.sandbox.items import Item, ItemList
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json


def with_links(tenant: TenantState, owner: Found) -> Found:
    """Return a new object with the items that were sent in its lists put into its pools, and linked.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    body: Json = owner.body
    for pool in owner.resource_type.pools:
        items = ItemList(tenant, owner, pool)

        def link(values: Json, pool: Pool = pool, items: ItemList = items) -> Json:
            _check_limit(pool, values)
            return [{pool.item_id: items.put(item)[pool.item_id]} for item in items.accept_all(values)]

        for path in pool.links:
            body = rewritten(body, path, link)
    return owner._replace(body=body)


def check_links(tenant: TenantState, owner: Found) -> None:
    """Check that an updated object links to items of its pools and nothing else.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    for pool in owner.resource_type.pools:
        known = {item[pool.item_id] for _, item in ItemList(tenant, owner, pool).all()}
        for path in pool.links:
            for _, values in values_at(owner.body, path):
                _check_limit(pool, values)
                for item in values:
                    if not isinstance(item, dict) or set(item) != {pool.item_id}:
                        raise invalid_body(f"'Expected just {pool.item_id}' on property {path}.")
                    if item[pool.item_id] not in known:
                        raise invalid_body(f"'{item[pool.item_id]} does not exist' on property {path}.")


def check_unlinked(owner: Found, association: Association, item: Item) -> None:
    """Check that no list of an object links to an item that is to be removed.

    Raises:
        ApiError: 400.
    """
    for path in association.links if isinstance(association, Pool) else ():
        for _, values in values_at(owner.body, path):
            if any(value.get(association.item_id) == item[association.item_id] for value in values):
                raise management_error(400, f"{item[association.item_id]} is in use.", "invalid_request")


def _check_limit(pool: Pool, values: Json) -> None:
    if not isinstance(values, list) or len(values) > pool.limit:
        raise invalid_body(f"'Expected a list of at most {pool.limit} items' on property {pool.field}.")
