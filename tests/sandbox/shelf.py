"""A made-up type with parts, lists and steps of every style, and the types that it refers to."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Association, Paging, Part, Step
from tenantctl.catalog.fields import Field
from tenantctl.catalog.spec import Reference, ResourceType

from .made_up import SHOWN, delete, get, listing, patch, post, put, texts

SHELF = ResourceType(
    section="shelves",
    title="shelf",
    sdk="shelves",
    id_format=("shf_", 16),
    listing=listing("/shelves", "shelves"),
    get=get("/shelves/{id}"),
    create=post("/shelves"),
    update=patch("/shelves/{id}"),
    delete=delete("/shelves/{id}"),
    defaults={
        "size": "m",
        "settings.level": "low",
        "settings.nested": {"a": 1},
        "notes[].kind": "plain",
        "state": "pending",
        "is_open": False,
    },
    merged=frozenset({"settings.nested"}),
    write_only=frozenset({"settings.secret", "notes[].pin"}),
    read_only=frozenset({"books[].book", "state"}),
    unique=(("name",),),
    not_found=("inexistent_shelf", "No such shelf."),
    references=(
        Reference("books[].book_id", "books", "id"),
        Reference("readers[]", "readers", "id"),
        Reference("guests[]", "readers", "id"),
    ),
    parts=(
        Part(
            field="settings",
            sdk="",
            get=get("/shelves/{id}/settings"),
            update=patch("/shelves/{id}/settings"),
        ),
        Part(
            field="label",
            sdk="",
            get=get("/shelves/{id}/label"),
            update=put("/shelves/{id}/label", 204),
            create=put("/shelves/{id}/label", 201),
            delete=delete("/shelves/{id}/label"),
            not_found=("inexistent_label", "No label."),
        ),
        Part(
            field="lamp",
            sdk="",
            get=get("/shelves/{id}/lamp"),
            update=patch("/shelves/{id}/lamp"),
            create=post("/shelves/{id}/lamp"),
            delete=delete("/shelves/{id}/lamp"),
        ),
        Part(
            field="texts.{language}.{page}",
            sdk="",
            get=get("/shelves/{id}/texts/{page}/{language}"),
            update=put("/shelves/{id}/texts/{page}/{language}"),
        ),
        Part(
            field="keys",
            sdk="",
            get=get("/shelves/{id}/keys"),
            update=patch("/shelves/{id}/keys"),
            create=post("/shelves/{id}/keys"),
            delete=delete("/shelves/{id}/keys"),
            by_member=True,
        ),
    ),
    masked={"keys.*": "***"},
    associations=(
        Association(
            field="books",
            listing=listing("/shelves/{id}/books", "books"),
            add=post("/shelves/{id}/books"),
            update=patch("/shelves/{id}/books/{item}"),
            remove=delete("/shelves/{id}/books/{item}"),
            item_key=("book_id",),
            item_id="book_id",
        ),
        Association(
            field="notes",
            listing=listing("/shelves/{id}/notes", "", Paging.NONE),
            add=post("/shelves/{id}/notes"),
            update=patch("/shelves/{id}/notes/{item}"),
            remove=delete("/shelves/{id}/notes/{item}", 200),
            item_key=("text",),
            item_id="id",
            id_format=("note_", 8),
        ),
        Association(
            field="readers",
            listing=listing("/shelves/{id}/readers", "readers", Paging.CHECKPOINT),
            add=patch("/shelves/{id}/readers", 204),
            item_key=("reader_id",),
            scalar="reader_id",
            toggle=True,
            embedded=True,
        ),
        Association(
            field="guests",
            listing=listing("/shelves/{id}/guests", "guests"),
            add=post("/shelves/{id}/guests", 204),
            remove=delete("/shelves/{id}/guests"),
            item_key=("reader_id",),
            scalar="reader_id",
            wrapper="guests",
        ),
        Association(
            field="tags",
            listing=listing("/shelves/{id}/tags", "tags"),
            add=put("/shelves/{id}/tags"),
            item_key=("tag",),
            wrapper="tags",
            whole=True,
            encode=lambda item: {"ref": item["tag"]},
            accept=lambda item: {"tag": item["ref"]},
            decode=lambda item: {"tag": item["shown"]},
            show=lambda item: {"shown": item["tag"]},
        ),
    ),
    runtime=(
        Association(
            field="visits",
            listing=listing("/shelves/{id}/visits", "visits"),
            add=post("/shelves/{id}/visits", 204),
            item_key=("visitor",),
            wrapper="visits",
            scalar="visitor",
        ),
    ),
    also=(get("/shelves/name/{name}"), put("/shelves/{id}")),
    steps=(
        Step(endpoint=None, wait_field="state", done=("built", "done")),
        Step(
            field="opened",
            endpoint=post("/shelves/{id}/open", 202),
            outcome=lambda shelf, _: {"is_open": True, "version": {"of": shelf.get("name")}},
        ),
    ),
)
SHELF_FIELDS = {
    **texts("name", "size", "colour"),
    "state": SHOWN,
    "is_open": SHOWN,
    "created_at": SHOWN,
    "updated_at": SHOWN,
    "settings": Field(types=("object",), create=True, update=True, read=True),
    "books": Field(
        types=("array",),
        items=Field(
            types=("object",), fields={**texts("book_id", "place"), "book": Field(fields=texts("name"))}
        ),
    ),
}


def plain(section: str, prefix: str) -> ResourceType:
    path = f"/{section}"
    return ResourceType(
        section=section,
        title=section,
        sdk=section,
        id_format=(prefix, 16),
        listing=listing(path, section),
        get=get(f"{path}/{{id}}"),
        create=post(path),
        delete=delete(f"{path}/{{id}}", 202),
        not_found=("", f"No such one of {section}."),
    )
