"""Every kind of object that the catalog's vocabulary has, on made-up types: how they come, lie and go."""

from __future__ import annotations

import pytest

from tenantctl.catalog.endpoints import Paging, Part
from tenantctl.catalog.fields import Field
from tenantctl.catalog.spec import Kind, ResourceType

from .made_up import ANY, TEXT, delete, get, listing, patch, post, put, served, texts

_CONFIG_PUT = put("/configs/{key}")
CONFIG = ResourceType(
    section="configs",
    title="config",
    sdk="configs",
    key=("key",),
    id_field="key",
    listing=listing("/configs", "", Paging.NONE),
    create=_CONFIG_PUT,
    update=_CONFIG_PUT,
    delete=delete("/configs/{key}"),
    required=("value",),
)


def test_objects_that_a_put_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"value": Field(update=True), "note": Field(update=True)}
    with served(monkeypatch, [(CONFIG, table)]) as api:
        assert api("PUT", "/configs/a%2Fb", {"value": "1", "note": "n"}) == {
            "key": "a/b",
            "value": "1",
            "note": "n",
        }
        assert api("PUT", "/configs/a%2Fb", {"value": "2"}) == {"key": "a/b", "value": "2"}
        assert api("GET", "/configs") == [{"key": "a/b", "value": "2"}]
        api("PUT", "/configs/x", {}, status=400)
        api("DELETE", "/configs/a%2Fb", status=204)
        assert api("GET", "/configs") == []


FACTOR = ResourceType(
    section="factors",
    title="factor",
    sdk="factors",
    id_field=None,
    listing=listing("/factors", "", Paging.NONE),
    update=put("/factors/{name}"),
    initial=({"name": "sms", "enabled": False}, {"name": "otp", "enabled": False}),
)
PROVIDER = ResourceType(
    section="providers",
    title="provider",
    sdk="providers",
    key=("name", "provider"),
    id_field=None,
    get=get("/factors/{name}/providers/{provider}"),
    update=put("/factors/{name}/providers/{provider}"),
    defaults={"on": False},
)
CHOSEN = ResourceType(
    section="chosen",
    title="choice",
    sdk="chosen",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=get("/factors/sms/providers/chosen"),
    update=put("/factors/sms/providers/chosen"),
    decode=lambda answer: {"names": answer},
    encode=lambda body: body.get("names", []),
)


def test_objects_that_are_always_there(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Field(types=("string",), enum=("sms", "push"), update=True)
    types = [
        (FACTOR, {"name": Field(update=True), "enabled": ANY}),
        (PROVIDER, {"name": names, **texts("provider", "a", "b"), "on": ANY}),
        (CHOSEN, {"names": Field(types=("array",), create=True, update=True, read=True)}),
    ]
    with served(monkeypatch, types) as api:
        assert api("PUT", "/factors/sms", {"enabled": True}) == {"enabled": True}
        assert api("GET", "/factors") == [
            {"name": "sms", "enabled": True},
            {"name": "otp", "enabled": False},
        ]
        path = "/factors/sms/providers/twilio"
        assert api("GET", path) == {"provider": "twilio", "on": False}
        api("PUT", path, {"a": "1"})
        assert api("PUT", path, {"b": "2"}) == {"provider": "twilio", "b": "2", "on": False}
        assert api("GET", "/factors/push/providers/twilio") == {"provider": "twilio", "on": False}
        api("GET", "/factors/nope/providers/twilio", status=404)
        assert api("GET", "/factors/sms/providers/chosen") == []
        assert api("PUT", "/factors/sms/providers/chosen", ["a"]) == ["a"]
        assert api("GET", "/factors/sms/providers/chosen") == ["a"]
        api("PUT", "/factors/sms/providers/chosen", "a", status=400)


MAIL = ResourceType(
    section="mail",
    title="mail provider",
    sdk="mail",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=get("/mail"),
    create=post("/mail"),
    update=patch("/mail"),
    delete=delete("/mail"),
    not_found=("inexistent_mail", "None."),
)
GUARD = ResourceType(
    section="guard",
    title="guard",
    sdk="",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    defaults={"bots": {"on": False}, "ips": ["::1"]},
    parts=(
        Part(field="bots", sdk="", get=get("/guard/bots"), update=patch("/guard/bots")),
        Part(
            field="ips",
            sdk="",
            get=get("/guard/ips"),
            update=put("/guard/ips"),
            decode=lambda answer: answer["ips"],
            encode=lambda ips: {"ips": ips},
            accept=lambda body: [body["one"]],
        ),
        # A view of what another type has: its own operations win.
        Part(field="mail", sdk="", get=get("/mail"), update=patch("/mail")),
    ),
)


def test_singletons_that_need_not_be_there_or_consist_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = {"bots": ANY, "ips": ANY, "mail": ANY}
    with served(monkeypatch, [(MAIL, texts("name")), (GUARD, guarded)]) as api:
        assert api("GET", "/mail", status=404)["errorCode"] == "inexistent_mail"
        api("PATCH", "/mail", {"name": "x"}, status=404)
        assert api("POST", "/mail", {"name": "x"}, status=201) == {"name": "x"}
        api("POST", "/mail", {"name": "x"}, status=409)
        api("DELETE", "/mail", status=204)
        api("GET", "/mail", status=404)
        assert api("PATCH", "/guard/bots", {"x": 1}) == {"on": False, "x": 1}
        assert api("GET", "/guard/ips") == {"ips": ["::1"]}
        assert api("PUT", "/guard/ips", {"one": "::2"}) == {"ips": ["::2"]}
        api("PUT", "/guard/ips", {"ips": []}, status=400)


def _sort_of(kind: str) -> ResourceType:
    path = "/vessels"
    return ResourceType(
        section=f"{kind}s",
        title=kind,
        sdk="vessels",
        id_format=("vsl_", 16),
        listing=listing(path, "vessels"),
        get=get(f"{path}/{{id}}"),
        create=post(path),
        update=patch(f"{path}/{{id}}"),
        delete=delete(f"{path}/{{id}}"),
        unique=(("name",),),
        belongs=lambda body: (body.get("kind") == "boat") == (kind == "boat"),
        parts=(Part(field="log", sdk="", get=get(f"{path}/{{id}}/log"), update=patch(f"{path}/{{id}}/log")),),
    )


def test_several_types_behind_one_path(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"name": TEXT, "kind": TEXT}
    types = [(_sort_of("ship"), table), (_sort_of("boat"), {**table, "oars": ANY})]
    with served(monkeypatch, types) as api:
        ship = api("POST", "/vessels", {"name": "s", "kind": "ship"}, status=201)
        boat = api("POST", "/vessels", {"name": "b", "kind": "boat", "oars": 2}, status=201)
        other = api("POST", "/vessels", {"name": "t", "kind": "ship"}, status=201)

        assert api("GET", "/vessels") == [ship, boat, other]
        assert api("GET", "/vessels?kind=boat") == [boat]
        assert api("GET", "/vessels?kind=boat&kind=ship") == [ship, boat, other]
        assert api("GET", "/vessels?oars=2") == [boat]
        api("GET", "/vessels?nope=2", status=400)
        assert api("POST", "/vessels", {"name": "b", "kind": "ship"}, status=409)["statusCode"] == 409
        assert api("PATCH", f"/vessels/{boat['id']}", {"oars": 4})["oars"] == 4
        api("PATCH", f"/vessels/{ship['id']}", {"oars": 4}, status=400)
        assert api("PATCH", f"/vessels/{boat['id']}/log", {"a": 1}) == {"a": 1}
        assert api("GET", f"/vessels/{ship['id']}/log") == {}
        api("DELETE", f"/vessels/{boat['id']}", status=204)
        assert api("GET", "/vessels") == [ship, other]
