from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenantctl.verify.token import MAX_CHARACTERS, TokenFormat, bare_token, inspect_token, masked, shown
from tests.verify.makers import API, CLIENT_ID, SECRET, b64, by_hand, claims, jwe_direct, jwe_wrapped, signed


def test_jws() -> None:
    facts = inspect_token(
        signed(claims(permissions=["write:aaa"], **{"https://aaa/email": "who@example.com"}))
    )
    assert facts.as_dict() == {
        "tokenLooksLikeJwt": True,
        "format": "jws",
        "header": {"alg": "RS256", "typ": "JWT", "kid": "key-1"},
        "jwtPayloadSubset": claims(permissions=["write:aaa"]),
    }
    assert (facts.algorithm, facts.kid, facts.audiences, facts.client_id) == (
        "RS256",
        "key-1",
        (API,),
        CLIENT_ID,
    )
    assert facts.scopes == {"read:aaa", "write:aaa"}
    assert "who@example.com" not in repr(facts) + json.dumps(facts.as_dict())


def test_rfc_9068_profile_names_the_client_in_client_id() -> None:
    assert inspect_token(signed(claims(azp=..., client_id="c"))).client_id == "c"


@pytest.mark.parametrize("scope", [["a", "b"], "a b"])
def test_scope_as_text_or_list(scope: object) -> None:
    assert inspect_token(signed(claims(scope=scope, permissions="no list"))).scopes == {"a", "b"}


def test_jwe() -> None:
    facts = inspect_token(jwe_direct())
    assert facts.as_dict() == {
        "tokenLooksLikeJwt": False,
        "format": "jwe",
        "header": {"alg": "dir", "enc": "A256GCM", "iss": "https://aaa.eu.auth0.com/"},
        "jwtPayloadSubset": None,
    }
    wrapped = inspect_token(jwe_wrapped())
    assert (wrapped.format, wrapped.algorithm, wrapped.kid) == (TokenFormat.JWE, "RSA-OAEP-256", "enc-1")


def test_opaque() -> None:
    facts = inspect_token("n0t-a-jwt")
    assert (facts.format, facts.header, facts.faults) == (TokenFormat.OPAQUE, None, ())
    assert facts.as_dict()["tokenLooksLikeJwt"] is False


@pytest.mark.parametrize(
    "wrap", ["{}", " {}\n", "Bearer {}", "bearer  {}", "Authorization: Bearer {}", '"{}"', "'Bearer {}'"]
)
def test_what_people_paste(wrap: str) -> None:
    token = signed()
    assert bare_token(wrap.format(token)) == token
    assert inspect_token(wrap.format(token)).looks_like_jwt


HEAD = '{"alg":"RS256"}'
HOSTILE = {
    "no header": ("..", "opaque", "header is not JSON"),
    "bad base64 header": ("a!b.e30.e30", "opaque", "header is not base64url"),
    "header of impossible length": ("eyJhb.e30.e30", "opaque", "header is not base64url"),
    "header no object": (by_hand("[1]", "{}"), "opaque", "header is not a JSON object"),
    "header a string": (by_hand('"alg"', "{}"), "opaque", "header is not a JSON object"),
    "header without alg": (by_hand("{}", "{}"), "opaque", "lacks alg"),
    "alg no string": (by_hand('{"alg":["RS256"]}', "{}"), "opaque", "lacks alg"),
    "alg twice": (by_hand('{"alg":"none","alg":"RS256"}', "{}"), "jws", "alg more than once"),
    "claims twice": (by_hand(HEAD, '{"iss":"a","iss":"b"}'), "jws", "iss more than once"),
    "claims twice within": (by_hand(HEAD, '{"x":{"y":1,"y":2}}'), "jws", "y more than once"),
    "payload no JSON": (by_hand(HEAD, "hello"), "jws", "payload is not JSON"),
    "payload a list": (by_hand(HEAD, "[]"), "jws", "payload is not a JSON object"),
    "payload no UTF-8": (by_hand(HEAD, b'{"a":"\xff"}'), "jws", "payload is not JSON"),
    "NaN": (by_hand(HEAD, '{"exp":NaN}'), "jws", "NaN is not a JSON number"),
    "infinite exponent": (by_hand(HEAD, '{"exp":1e999}'), "jws", "number is too large"),
    "endless integer": (by_hand(HEAD, '{"exp":' + "9" * 9000 + "}"), "jws", "payload is not JSON"),
    "lone surrogate": (by_hand(HEAD, '{"sub":"\\ud800"}'), "jws", "payload is not JSON"),
    "deep junk": (by_hand(HEAD, "[" * 100_000), "jws", "nested too deep"),
    "deep object": (by_hand(HEAD, '{"a":' * 40 + "1" + "}" * 40), "jws", "more than 16 deep"),
    "signature no base64": (by_hand(HEAD, "{}") + "***", "jws", "signature is not base64url"),
    "four parts": ("a.b.c.d", "opaque", "4 parts"),
    "many dots": ("." * 5000, "opaque", "5001 parts"),
    "JWE without enc": (b64('{"alg":"dir"}') + "..a.b.c", "opaque", "lacks alg and enc"),
    "JWE of junk": (b64('{"alg":"dir","enc":"A256GCM"}') + ".!.?.*.:", "jwe", "part 2 is not base64url"),
    "white space within": (signed().replace(".", ".\n"), "jws", "payload is not base64url"),
    "1 MB": ("a." + "b" * 1024 * 1024 + ".c", "opaque", "too many for a token"),
    "empty": ("", "opaque", "there is no token"),
    "Bearer alone": ("Bearer ", "opaque", ""),
}  # fmt: skip


@pytest.mark.parametrize(("token", "form", "fault"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_tokens_are_reported(token: str, form: str, fault: str) -> None:
    facts = inspect_token(token)
    assert facts.format == form
    assert fault in "; ".join(facts.faults)
    json.dumps(facts.as_dict(), allow_nan=False, ensure_ascii=False).encode()


def test_alg_none_is_told_as_it_is() -> None:
    facts = inspect_token(by_hand('{"alg":"none"}', json.dumps(claims())))
    assert (facts.format, facts.algorithm, facts.looks_like_jwt) == (TokenFormat.JWS, "none", True)


parts = st.one_of(
    st.text(),
    st.binary().map(b64),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["alg", "enc", "kid", "aud", "x"]), inner)
        ),
    ).map(lambda value: b64(json.dumps(value))),
    st.sampled_from([b64('{"alg":"RS256","kid":7}'), b64('{"alg":"dir","enc":"A256GCM"}')]),
)


@settings(deadline=None)
@given(st.text() | st.lists(parts, min_size=1, max_size=6).map(".".join))
def test_any_text_is_inspected(text: str) -> None:
    facts = inspect_token(text)
    assert json.loads(json.dumps(facts.as_dict(), allow_nan=False)) == facts.as_dict()
    assert isinstance((facts.kid + facts.algorithm + facts.client_id, facts.audiences, facts.scopes), tuple)
    assert len(masked(text)) < 60


def test_masking() -> None:
    token = signed()
    assert masked(f"Bearer {token}") == f"eyJhbG… ({len(token)} characters)"
    assert masked(SECRET) == f"… ({len(SECRET)} characters)"
    assert token not in repr(inspect_token(token))


def test_shown_lets_no_control_character_through() -> None:
    assert shown("\x1b[31mred\x07\u202e\n") == "\\x1b[31mred\\x07\\u202e\\n"
    assert shown({"a": [1, "ö"]}) == '{"a": [1, "ö"]}'
    assert len(shown("x" * 1000)) == 161


def test_the_limit_is_far_above_any_real_token() -> None:
    assert len(signed()) * 100 < MAX_CHARACTERS
