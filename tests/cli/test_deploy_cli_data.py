"""Examples and test data of auth0-deploy-cli, which are no part of the project: checked, applied, no change.

``TENANTCTL_TEST_DEPLOY_CLI`` names a checkout. An overlay mends what auth0-deploy-cli or the API refuses.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .program import Program

# What the data refers to and does not hold.
REFERRED = """\
actions:
  - {name: custom-token-exchange-action, code: x, supported_triggers: [{id: custom-token-exchange}]}
  - {name: action-name, code: x, supported_triggers: [{id: event-stream}]}
  - {name: ldoorz, code: x, supported_triggers: [{id: send-phone-message}], deployed: true}
clients: [{name: My App}, {name: My M2M}, {name: My Okta OIN Client}]
actionModules: [{name: notification-helper, code: x, all_changes_published: true}]
resourceServers: [{name: x, identifier: "https://auth0-deploy-cli-e2e.us.auth0.com/api/v2/"}]
"""

KEYWORDS = {
    "AUTH0_TENANT_NAME": "sandbox",
    "AUTH0_DOMAIN": "sandbox.localhost",
    "COMPANY_NAME": "Travel",
    "DOMAIN": "example.com",
    "ENV": "dev",
    "LANGUAGES": ["en", "es"],
    "MY_CLIENT_ID": "My SPA",
    "SETUP_CONFIG": {"type": "OAUTH_APP", "client_id": "x", "client_secret": "x", "domain": "example.com"},
    "TENANT_NAME": "Travel",
    **{f"CAPTCHA_{name}_SITE_KEY": name for name in ("FRIENDLY_CAPTCHA", "HCAPTCHA", "ARKOSE")},
    **{f"CAPTCHA_RECAPTCHA_{name}_SITE_KEY": name for name in ("V2", "ENTERPRISE")},
    **{f"CAPTCHA_{name}_SECRET": "x" for name in ("FRIENDLY_CAPTCHA", "RECAPTCHA_V2", "HCAPTCHA", "ARKOSE")},
    "MANDRILL_API_KEY": "x",
    **{f"CAPTCHA_RECAPTCHA_ENTERPRISE_{name}": "x" for name in ("API_KEY", "PROJECT_ID")},
    **dict.fromkeys(("EVENT_STREAM_WEBHOOK_BEARER_TOKEN", "JWT_SECRET", "MY_SECRET"), "x"),
}

# auth0-deploy-cli has a schema that takes no list there, nor another member.
PROFILE = """\
      userAttributeProfiles:
        My User Attribute Profile:
          description: null
          user_attributes:
            email: {label: Email, description: x, auth0_mapping: email, profile_required: true}
"""
# The API makes no domain the default that was not verified.
DOMAIN = "      customDomains: {my_domain.com: {is_default: null}}\n"

MENDED = {
    # Two files with renderers are not there.
    "examples/yaml/tenant.yaml": f"{PROFILE}{DOMAIN}      prompts: {{screenRenderers: null}}\n",
    # A path begins with the name of the folder itself, a grant has a scope that its API lacks, and the API
    # writes message_types.
    "examples/directory": f"""\
{PROFILE}{DOMAIN}      clientGrants: null
      actions: {{action-example: {{code: actions/action-example/code.js}}}}
      guardianPhoneFactorMessageTypes: {{message-types: null, message_types: [sms]}}
""",
    "test/e2e/testdata/empty-tenant/tenant.yaml": "",
    "test/e2e/testdata/keyword-replacements/directory": "",
    "test/e2e/testdata/keyword-replacements/yaml/_reset.yaml": "",
    "test/e2e/testdata/keyword-replacements/yaml/tenant.yaml": "",
    # One of the clients says in two ways how it authenticates.
    "test/e2e/testdata/lots-of-configuration/tenant.yaml": (
        "      clients: {Node App: {token_endpoint_auth_method: null}}\n"
    ),
    "test/e2e/testdata/should-deploy-without-throwing-an-error/tenant.yaml": "",
    "test/e2e/testdata/should-preserve-keywords/directory": "",
    "test/e2e/testdata/should-preserve-keywords/yaml/tenant.yaml": "",
}


def copied(deploy_cli: Path, name: str, folder: Path) -> Path:
    """Copy one configuration into a folder, with an environment that mends it."""
    source = deploy_cli / name
    if source.is_dir():
        shutil.copytree(source, folder / "data")
        file, block = folder / "data", folder / "data" / "tenantctl.yaml"
    else:
        shutil.copytree(source.parent, folder / "data")
        file = block = folder / "data" / source.name
    text = block.read_text(encoding="utf-8") if block.exists() else ""
    mended = MENDED[name] or "      {}\n"
    block.write_text(f"{text}\ntenantctl:\n  environments:\n    mended:\n{mended}", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", MENDED)
def test_data_of_auth0_deploy_cli(deploy_cli: Path, name: str, run: Program, project: Path) -> None:
    file = copied(deploy_cli, name, project)
    settings = project / "config.json"
    settings.write_text(json.dumps({"AUTH0_KEYWORD_REPLACE_MAPPINGS": KEYWORDS}), encoding="utf-8")
    referred = project / "referred.yaml"
    referred.write_text(REFERRED, encoding="utf-8")
    assert run("apply", "--sandbox", "--yes", "--no-verify", "-f", str(referred)).code == 0
    chosen = ("-f", str(file), "--env", "mended", "--config", str(settings))
    checked = run("validate", *chosen)
    assert checked.code == 0, checked
    applied = run("apply", "--sandbox", "--yes", "--no-verify", *chosen)
    assert applied.code == 0, applied.err
    planned = run("plan", "--sandbox", "--detailed-exitcode", *chosen)
    assert planned.code == 0, planned.out
    assert "No changes: " in planned.out


def test_every_configuration_is_tried(deploy_cli: Path) -> None:
    """A newer checkout may hold more than is tried here."""
    data = deploy_cli / "test/e2e/testdata"
    yaml = {path.relative_to(deploy_cli).as_posix() for path in data.rglob("*.yaml")}
    folders = {path.relative_to(deploy_cli).as_posix() for path in data.rglob("directory")}
    assert yaml | folders == {name for name in MENDED if name.startswith("test/")}
